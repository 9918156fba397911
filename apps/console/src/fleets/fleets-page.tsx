import { Button, Group, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { Link } from 'wouter';
import { EmptyState } from '../elements/empty-state.js';
import { useNow } from '../elements/now.js';
import { PageTitle } from '../elements/page-title.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import type { Sorting } from '../elements/sort-header.js';
import { useMay } from '../session/may.js';
import { type Fleet, useAllFleets } from './all-fleets.js';
import { FleetCards } from './fleet-cards.js';
import { FleetTable } from './fleet-table.js';
import { type GlanceColumn, matches, sortFleets } from './glance.js';

/** Too narrow for a table. */
const NARROW = '(max-width: 48em)';
const WORST_FIRST: Sorting<GlanceColumn> = { by: 'concern', descending: false };

/** Every fleet and how it stands, the worst first. */
export default function FleetsPage() {
  const { data: fleets, error } = useAllFleets();
  const may = useMay();
  return (
    <>
      <PageTitle title="Fleets" says={fleets && fleets.length > 0 ? counted(fleets) : undefined}>
        {may.addFleets && (
          <Button component={Link} href="/fleets/new">
            Add a fleet
          </Button>
        )}
      </PageTitle>
      {error && <ProblemAlert error={error} />}
      {fleets?.length === 0 && <NoFleets mayAdd={may.addFleets} />}
      {fleets && fleets.length > 0 && <Glance fleets={fleets} />}
    </>
  );
}

function Glance({ fleets }: { readonly fleets: readonly Fleet[] }) {
  const [sought, setSought] = useState('');
  const [sorting, setSorting] = useState<Sorting<GlanceColumn>>(WORST_FIRST);
  const narrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  const now = useNow();
  const shown = sortFleets(
    fleets.filter((fleet) => matches(fleet, sought)),
    sorting,
    now,
  );
  return (
    <>
      <Group align="flex-end" mb="md">
        <TextInput
          label="Search"
          description="By name, or by the subject of an anchor."
          type="search"
          w={320}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
        {sorting.by !== 'concern' && (
          <Button variant="default" onClick={() => setSorting(WORST_FIRST)}>
            Worst first
          </Button>
        )}
      </Group>
      {shown.length === 0 && (
        <EmptyState title="No fleet is called that">Change what is searched for.</EmptyState>
      )}
      {shown.length > 0 &&
        (narrow ? (
          <FleetCards fleets={shown} />
        ) : (
          <FleetTable fleets={shown} sorting={sorting} onSort={setSorting} />
        ))}
    </>
  );
}

function NoFleets({ mayAdd }: { readonly mayAdd: boolean }) {
  return (
    <EmptyState title="There is no fleet yet">
      A fleet is the nginx hosts that trust one bundle of client CAs. You need its bundle of today, and the CA
      that issues its clients.{' '}
      {mayAdd ? 'Begin with “Add a fleet”' : 'Somebody who may change things adds it'}, or{' '}
      <code>windlass fleet add</code>.
    </EmptyState>
  );
}

function counted(fleets: readonly Fleet[]): string {
  const hosts = fleets.reduce((sum, { hostCount }) => sum + hostCount, 0);
  return `${fleets.length} ${fleets.length === 1 ? 'fleet' : 'fleets'}, ${hosts} ${hosts === 1 ? 'host' : 'hosts'}.`;
}
