import { Button, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Ago } from '../elements/ago.js';
import { Columns } from '../elements/columns.js';
import { ConfirmDialog } from '../elements/confirm-dialog.js';
import { More } from '../elements/more.js';
import { NotForYou } from '../elements/not-for-you.js';
import { PageTitle } from '../elements/page-title.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { WideTable } from '../elements/wide-table.js';
import { useMay } from '../session/may.js';
import { usePages } from '../session/pages.js';
import { useSession } from '../session/session.js';
import { KeyRow } from './key-row.js';
import type { ApiKey } from './key-state.js';
import { NewKeyDialog } from './new-key-dialog.js';

export default function KeysPage() {
  const { keepKeys } = useMay();
  return keepKeys ? <Keys /> : <NotForYou title="API keys" who="admins of the whole installation" />;
}

/** Who may do what by a key, and until when. */
function Keys() {
  const { client } = useSession();
  const [making, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  const pages = usePages(['keys'], (page) => client.GET('/v1/api-keys', { params: { query: page } }));
  return (
    <>
      <PageTitle title="API keys" says="Oldest first. Only their hashes are kept.">
        <Button onClick={() => setMaking(true)}>Make a key</Button>
      </PageTitle>
      {pages.error && <ProblemAlert error={pages.error} />}
      {pages.items.length > 0 && (
        <WideTable label="API keys" minWidth={760}>
          <Columns named={['Label', 'State', 'Role', 'Fleets', 'Ends', 'Used last', 'Revoke']} />
          <Table.Tbody>
            {pages.items.map((key) => (
              <KeyRow key={key.id} apiKey={key} onRevoke={() => setRevoked(key)} />
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      <More of={pages} />
      {making && <NewKeyDialog onClose={() => setMaking(false)} />}
      {revoked && <RevokeKey apiKey={revoked} onClose={() => setRevoked(null)} />}
    </>
  );
}

function RevokeKey({ apiKey, onClose }: { readonly apiKey: ApiKey; onClose(): void }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const revoking = useMutation({
    mutationFn: () => client.DELETE('/v1/api-keys/{keyId}', { params: { path: { keyId: apiKey.id } } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['keys'] });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={`Revoke ${apiKey.label}?`}
      action="Revoke the key"
      doing={revoking}
      onConfirm={() => revoking.mutate()}
      onClose={onClose}
    >
      It opens nothing from then on, and cannot be brought back.{' '}
      {apiKey.lastUsedAt === null ? (
        'It was never used.'
      ) : (
        <Text component="span" fw={600}>
          It was used <Ago at={apiKey.lastUsedAt} />.
        </Text>
      )}
    </ConfirmDialog>
  );
}
