import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Ago } from '../elements/ago.js';

const BEAT_MS = 5_000;
const MOST_SILENCE_MS = 4_000;

/** Says so while the API does not answer, and since when: what is shown is from then. */
export function OfflineBanner() {
  const { isError, dataUpdatedAt } = useQuery({
    queryKey: ['livez'],
    queryFn: async () => {
      const response = await fetch('/livez', { signal: AbortSignal.timeout(MOST_SILENCE_MS) });
      if (!response.ok) throw new Error(`/livez: ${response.status}`);
      return true;
    },
    refetchInterval: BEAT_MS,
    retry: 1,
  });
  if (!isError) return null;
  return (
    <Alert color="red" mb="md" title="The API does not answer" role="status">
      {dataUpdatedAt > 0 ? (
        <>
          It answered last <Ago at={new Date(dataUpdatedAt).toISOString()} />. What you see is from then; the
          rotations go on without this page. It catches up by itself.
        </>
      ) : (
        'It is asked again every few seconds.'
      )}
    </Alert>
  );
}
