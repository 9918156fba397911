import { Anchor, Group, NativeSelect, Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import type { components } from '#api-client';
import { STATUSES } from '#rotation';
import { Ago } from '../elements/ago.js';
import { Columns } from '../elements/columns.js';
import { EmptyState } from '../elements/empty-state.js';
import { More } from '../elements/more.js';
import { PageTitle } from '../elements/page-title.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { WideTable } from '../elements/wide-table.js';
import { useAllFleets } from '../fleets/all-fleets.js';
import { useFleetNames } from '../fleets/fleet-names.js';
import { useSession } from '../session/session.js';
import { asked, type RotationFilter, UNDER_WAY } from './rotation-filter.js';
import { StartRotation } from './start-rotation.js';
import { StatusBadge } from './status-badge.js';

type Rotation = components['schemas']['RotationSummary'];
type Names = ReadonlyMap<string, string>;

/** Every rotation that this key may see, newest first. */
export default function RotationsPage() {
  const { client } = useSession();
  const names = useFleetNames();
  const { data: fleets } = useAllFleets();
  const [search, setSearch] = useSearchParams();
  const filter = { status: search.get('status') ?? '', fleetId: search.get('fleet') ?? '' };
  const pages = useInfiniteQuery({
    queryKey: ['rotations', filter],
    initialPageParam: '',
    queryFn: async ({ pageParam }) => {
      const query = { ...asked(filter), ...(pageParam === '' ? {} : { cursor: pageParam }) };
      const { data } = await client.GET('/v1/rotations', { params: { query } });
      return data ?? { items: [], nextCursor: null };
    },
    getNextPageParam: (last) => last.nextCursor,
  });
  const rotations = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  const fleet = fleets?.find(({ id }) => id === filter.fleetId);
  const isFiltered = filter.status !== '' || filter.fleetId !== '';
  return (
    <>
      <PageTitle title="Rotations" says="Newest first.">
        {fleet && <StartRotation fleet={fleet} />}
      </PageTitle>
      <Filters {...{ filter, names }} change={(name, value) => setSearch(changed(search, name, value))} />
      {pages.error && <ProblemAlert error={pages.error} />}
      {pages.isSuccess && rotations.length === 0 && <Nothing isFiltered={isFiltered} />}
      {rotations.length > 0 && <Rotations {...{ rotations, names }} />}
      <More of={pages} />
    </>
  );
}

function changed(search: URLSearchParams, name: string, value: string): URLSearchParams {
  const next = new URLSearchParams(search);
  if (value === '') next.delete(name);
  else next.set(name, value);
  return next;
}

interface FiltersProps {
  readonly filter: RotationFilter;
  readonly names: Names;
  change(name: 'status' | 'fleet', value: string): void;
}

function Filters({ filter, names, change }: FiltersProps) {
  const fleets = [...names].map(([value, label]) => ({ value, label }));
  return (
    <Group mb="md" gap="sm">
      <NativeSelect
        label="Status"
        value={filter.status}
        onChange={({ currentTarget }) => change('status', currentTarget.value)}
        data={[{ value: '', label: 'any' }, { value: UNDER_WAY, label: 'not ended' }, ...STATUSES]}
      />
      <NativeSelect
        label="Fleet"
        value={filter.fleetId}
        onChange={({ currentTarget }) => change('fleet', currentTarget.value)}
        data={[{ value: '', label: 'any' }, ...fleets]}
      />
    </Group>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered)
    return <EmptyState title="No rotation is like that">Choose another status or fleet.</EmptyState>;
  return (
    <EmptyState title="Nothing was rotated yet">
      A rotation is started on the page of its fleet, by a schedule, or with{' '}
      <code>windlass rotate FLEET</code>.
    </EmptyState>
  );
}

interface RotationsProps {
  readonly rotations: readonly Rotation[];
  readonly names: Names;
}

function Rotations({ rotations, names }: RotationsProps) {
  return (
    <WideTable label="Rotations" minWidth={560}>
      <Columns named={['Status', 'Fleet', 'Phase', 'Started', 'Changed']} />
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
    </WideTable>
  );
}
