import { Alert, List, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Ago } from '../elements/ago.js';
import { Columns } from '../elements/columns.js';
import { EmptyState } from '../elements/empty-state.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { WideTable } from '../elements/wide-table.js';
import { useSession } from '../session/session.js';
import type { Fleet } from './all-fleets.js';

/** Which clients the hosts let in, and which CA each came with. Before an old CA goes, nobody may be left on it. */
export function ClientsSection({ fleet }: { readonly fleet: Fleet }) {
  if (fleet.clientLog !== null) return <Clients fleetId={fleet.id} />;
  return (
    <EmptyState title="The hosts do not say who their clients are">
      With <code>clientLog</code>, the path of an access log that names the client certificates, every host
      tells who came with which CA. It is set when a fleet is added; docs/soak.md has the log format.
    </EmptyState>
  );
}

function Clients({ fleetId }: { readonly fleetId: string }) {
  const { client } = useSession();
  const { data, error } = useQuery({
    queryKey: ['fleets', fleetId, 'clients'],
    queryFn: async () =>
      (await client.GET('/v1/fleets/{fleetId}/clients', { params: { path: { fleetId } } })).data,
  });
  if (error) return <ProblemAlert error={error} />;
  if (!data) return null;
  const silent = data.hosts.filter(({ unknown }) => unknown !== null);
  return (
    <>
      {silent.length > 0 && (
        <Alert color="yellow" title="Not every host tells of all of its clients" mb="md">
          <List size="sm">
            {silent.map(({ host, unknown }) => (
              <List.Item key={host}>
                <strong>{host}</strong>: {unknown}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {data.items.length === 0 && (
        <EmptyState title="No client was seen yet">
          Who comes in is listed here, with the CA they came with.
        </EmptyState>
      )}
      {data.items.length > 0 && (
        <WideTable label="Clients" minWidth={640}>
          <Columns named={['Client', 'Came with', 'Requests', 'Last seen', 'On']} />
          <Table.Tbody>
            {data.items.map(({ subject, issuer, serial, requests, lastSeen, hosts }) => (
              <Table.Tr key={`${issuer} ${serial}`}>
                <Table.Td>
                  <code>{subject}</code>
                </Table.Td>
                <Table.Td>
                  <code>{issuer}</code>
                </Table.Td>
                <Table.Td className="numbers">{requests}</Table.Td>
                <Table.Td>
                  <Ago at={lastSeen} />
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{hosts.join(', ')}</Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
    </>
  );
}
