import { Button, Menu } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { download } from '../../elements/download.js';
import { ProblemAlert } from '../../elements/problem-alert.js';
import type { JournalEntry } from '../../feed/journal-fold.js';
import { useSession } from '../../session/session.js';

interface DownloadsProps {
  readonly rotationId: string;
  readonly entries: readonly JournalEntry[];
}

/** What the API makes of the whole journal. */
const DOCUMENTS = {
  postmortem: { label: 'Post-mortem (Markdown)', accept: 'text/markdown', ending: 'md' },
  evidence: { label: 'Evidence (JSON)', accept: 'application/json', ending: 'json' },
} as const;
type Kind = keyof typeof DOCUMENTS;

/** What the rotation proves, for those who were not there. A link could not send the key. */
export function Downloads({ rotationId, entries }: DownloadsProps) {
  const { send } = useSession();
  const fetched = useMutation({
    mutationFn: async (kind: Kind) => {
      const { label, accept, ending } = DOCUMENTS[kind];
      const headers = { Accept: accept };
      const response = await send(new Request(`/v1/rotations/${rotationId}/${kind}`, { headers }));
      if (!response.ok) throw new Error(`The API answered ${response.status} and gave no ${label}.`);
      download(`${kind}-${rotationId}.${ending}`, await response.blob());
    },
  });
  const journal = () => {
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`);
    download(`journal-${rotationId}.jsonl`, new Blob(lines, { type: 'application/jsonl' }));
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" loading={fetched.isPending}>
            Download
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(Object.keys(DOCUMENTS) as Kind[]).map((kind) => (
            <Menu.Item key={kind} onClick={() => fetched.mutate(kind)}>
              {DOCUMENTS[kind].label}
            </Menu.Item>
          ))}
          <Menu.Item onClick={journal}>Journal (JSON lines)</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {fetched.error && <ProblemAlert error={fetched.error} />}
    </>
  );
}
