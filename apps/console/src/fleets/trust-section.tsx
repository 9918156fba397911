import { Alert, Stack, Table, Title } from '@mantine/core';
import { Columns } from '../elements/columns.js';
import { WideTable } from '../elements/wide-table.js';
import type { Fleet } from './all-fleets.js';
import { CrlsTable } from './crls-table.js';
import { ExpiryBadge } from './expiry-badge.js';
import { GenerationsTable } from './generations-table.js';

/** What the fleet trusts, what it trusted before, and what it must not trust again. */
export function TrustSection({ fleet }: { readonly fleet: Fleet }) {
  const { anchors, distrusted } = fleet;
  return (
    <Stack gap="lg">
      <section>
        <Title order={2} size="h4" mb="xs">
          Anchors
        </Title>
        <WideTable label="Anchors" minWidth={420}>
          <Columns named={['Subject', 'Ends', 'On']} />
          <Table.Tbody>
            {anchors.map(({ id, subject, notAfter }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <code>{subject}</code>
                </Table.Td>
                <Table.Td>
                  <ExpiryBadge at={notAfter} />
                </Table.Td>
                <Table.Td>
                  <time dateTime={notAfter}>{new Date(notAfter).toLocaleString()}</time>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      </section>
      {distrusted.length > 0 && (
        <Alert color="red" title="Distrusted: these come back only by a person's decision">
          {distrusted.map(({ anchor }) => (
            <code key={anchor}>{anchor} </code>
          ))}
        </Alert>
      )}
      {fleet.revocation === 'crl' && <CrlsTable fleetId={fleet.id} />}
      <GenerationsTable fleet={fleet} />
    </Stack>
  );
}
