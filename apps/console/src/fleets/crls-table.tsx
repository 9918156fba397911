import { Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { components } from '#api-client';
import { Ago } from '../elements/ago.js';
import { Columns } from '../elements/columns.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { WideTable } from '../elements/wide-table.js';
import { useSession } from '../session/session.js';
import { ExpiryBadge } from './expiry-badge.js';

type Crl = components['schemas']['FleetCrls']['items'][number]['served'];

/** Every anchor, and the CRL that the hosts hold against it. One that ends locks all its clients out. */
export function CrlsTable({ fleetId }: { readonly fleetId: string }) {
  const { client } = useSession();
  const { data, error } = useQuery({
    queryKey: ['fleets', fleetId, 'crls'],
    queryFn: async () => {
      const path = { fleetId };
      return (await client.GET('/v1/fleets/{fleetId}/crls', { params: { path } })).data?.items ?? [];
    },
  });
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        CRLs
      </Title>
      {error && <ProblemAlert error={error} />}
      <WideTable label="CRLs" minWidth={560}>
        <Columns named={['Anchor', 'Served: ends', 'Revokes', 'Handed in']} />
        <Table.Tbody>
          {(data ?? []).map(({ anchor, subject, served, handedIn }) => (
            <Table.Tr key={anchor}>
              <Table.Td>
                <code>{subject}</code>
              </Table.Td>
              <Table.Td>
                <CrlEnd crl={served} />
              </Table.Td>
              <Table.Td className="numbers">{served?.revoked ?? '–'}</Table.Td>
              <Table.Td>{handedIn === null ? 'no' : <Ago at={handedIn.thisUpdate} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </section>
  );
}

function CrlEnd({ crl }: { readonly crl: Crl }) {
  if (crl === null) return <Text size="sm">none: its clients are refused</Text>;
  return crl.nextUpdate === null ? <Text size="sm">never</Text> : <ExpiryBadge at={crl.nextUpdate} />;
}
