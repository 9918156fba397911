import { useQuery } from '@tanstack/react-query';
import type { components } from '#api-client';
import { readAll } from '../session/pages.js';
import { useSession } from '../session/session.js';

export type Fleet = components['schemas']['Fleet'];

const PAGE = 100;
/** What a page can still show at a glance. */
const MOST_FLEETS = 2_000;

/** Every fleet that this key may see, oldest first; of very many the first 2,000. */
export function useAllFleets() {
  const { client } = useSession();
  return useQuery({
    queryKey: ['fleets'],
    queryFn: () =>
      readAll<Fleet>(
        (page) => client.GET('/v1/fleets', { params: { query: { limit: PAGE, ...page } } }),
        MOST_FLEETS,
      ),
  });
}
