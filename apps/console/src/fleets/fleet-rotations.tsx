import { Anchor, Table } from '@mantine/core';
import { Link } from 'wouter';
import { Ago } from '../elements/ago.js';
import { Columns } from '../elements/columns.js';
import { EmptyState } from '../elements/empty-state.js';
import { More } from '../elements/more.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { WideTable } from '../elements/wide-table.js';
import { StatusBadge } from '../rotations/status-badge.js';
import { usePages } from '../session/pages.js';
import { useSession } from '../session/session.js';

/** The rotations of one fleet, newest first. */
export function FleetRotations({ fleetId }: { readonly fleetId: string }) {
  const { client } = useSession();
  const pages = usePages(['fleets', fleetId, 'rotations'], (page) =>
    client.GET('/v1/rotations', { params: { query: { fleetId, ...page } } }),
  );
  if (pages.error) return <ProblemAlert error={pages.error} />;
  if (pages.isSuccess && pages.items.length === 0) {
    return (
      <EmptyState title="This fleet was never rotated">
        Begin with a fire drill: it adds an anchor that lets nobody in, and takes it out again.
      </EmptyState>
    );
  }
  return (
    <>
      <WideTable label="Rotations of the fleet" minWidth={480}>
        <Columns named={['Started', 'Status', 'Phase', 'Ended']} />
        <Table.Tbody>
          {pages.items.map(({ id, status, phase, createdAt, endedAt }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <Anchor component={Link} href={`/rotations/${id}`}>
                  <Ago at={createdAt} />
                </Anchor>
              </Table.Td>
              <Table.Td>
                <StatusBadge status={status} />
              </Table.Td>
              <Table.Td>{phase}</Table.Td>
              <Table.Td>{endedAt === null ? 'not yet' : <Ago at={endedAt} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      <More of={pages} />
    </>
  );
}
