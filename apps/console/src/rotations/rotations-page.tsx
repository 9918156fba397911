import { Anchor, Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { Ago } from '../elements/ago.js';
import { EmptyState } from '../elements/empty-state.js';
import { More } from '../elements/more.js';
import { PageTitle } from '../elements/page-title.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { useFleetNames } from '../fleets/fleet-names.js';
import { useSession } from '../session/session.js';
import { StatusBadge } from './status-badge.js';

/** Every rotation that this key may see, newest first. */
export default function RotationsPage() {
  const { client } = useSession();
  const names = useFleetNames();
  const pages = useInfiniteQuery({
    queryKey: ['rotations'],
    initialPageParam: '',
    queryFn: async ({ pageParam }) => {
      const query = pageParam === '' ? {} : { cursor: pageParam };
      const { data } = await client.GET('/v1/rotations', { params: { query } });
      return data ?? { items: [], nextCursor: null };
    },
    getNextPageParam: (last) => last.nextCursor,
  });
  const rotations = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <PageTitle title="Rotations" says="Newest first." />
      {pages.error && <ProblemAlert error={pages.error} />}
      {pages.isSuccess && rotations.length === 0 && (
        <EmptyState title="Nothing was rotated yet">
          A rotation is started on the page of its fleet, by a schedule, or with{' '}
          <code>windlass rotate FLEET</code>.
        </EmptyState>
      )}
      {rotations.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="xs" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Status</Table.Th>
                <Table.Th>Fleet</Table.Th>
                <Table.Th>Phase</Table.Th>
                <Table.Th>Started</Table.Th>
                <Table.Th>Changed</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rotations.map(({ id, fleetId, status, phase, createdAt, updatedAt }) => (
                <Table.Tr key={id}>
                  <Table.Td>
                    <StatusBadge status={status} />
                  </Table.Td>
                  <Table.Td>
                    <Anchor component={Link} href={`/rotations/${id}`}>
                      {names.get(fleetId) ?? fleetId}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>{phase}</Table.Td>
                  <Table.Td>
                    <Ago at={createdAt} />
                  </Table.Td>
                  <Table.Td>
                    <Ago at={updatedAt} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <More of={pages} />
    </>
  );
}
