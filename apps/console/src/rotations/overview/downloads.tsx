import { Button, Menu } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { ProblemAlert } from '../../elements/problem-alert.js';
import type { JournalEntry } from '../../feed/journal-fold.js';
import { useSession } from '../../session/session.js';

interface DownloadsProps {
  readonly rotationId: string;
  readonly entries: readonly JournalEntry[];
}

/** What the rotation proves, for those who were not there. A link could not send the key. */
export function Downloads({ rotationId, entries }: DownloadsProps) {
  const { key } = useSession();
  const evidence = useMutation({
    mutationFn: async () => {
      const response = await fetch(`/v1/rotations/${rotationId}/evidence`, {
        headers: { Authorization: `Bearer ${key}`, Accept: 'application/json' },
      });
      if (!response.ok) throw new Error(`The API answered ${response.status} and gave no evidence.`);
      save(await response.blob(), `evidence-${rotationId}.json`);
    },
  });
  const journal = () => {
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`);
    save(new Blob(lines, { type: 'application/jsonl' }), `journal-${rotationId}.jsonl`);
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" loading={evidence.isPending}>
            Download
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => evidence.mutate()}>Evidence (JSON)</Menu.Item>
          <Menu.Item onClick={journal}>Journal (JSON lines)</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {evidence.error && <ProblemAlert error={evidence.error} />}
    </>
  );
}

function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
