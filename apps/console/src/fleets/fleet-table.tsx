import { Anchor, Table } from '@mantine/core';
import { Link } from 'wouter';
import { Digest } from '../elements/digest.js';
import { SortHeader, type Sorting } from '../elements/sort-header.js';
import { WideTable } from '../elements/wide-table.js';
import type { Fleet } from './all-fleets.js';
import { DriftBadge } from './drift-badge.js';
import { ExpiryBadge } from './expiry-badge.js';
import type { GlanceColumn } from './glance.js';
import { NextRotation } from './next-rotation.js';
import { RunningRotation } from './running-rotation.js';

interface FleetTableProps {
  readonly fleets: readonly Fleet[];
  readonly sorting: Sorting<GlanceColumn>;
  onSort(sorting: Sorting<GlanceColumn>): void;
}

export function FleetTable({ fleets, ...sort }: FleetTableProps) {
  return (
    <WideTable label="All fleets" minWidth={760}>
      <Table.Thead>
        <Table.Tr>
          <SortHeader {...sort} by="name" label="Fleet" />
          <Table.Th>Rotation</Table.Th>
          <SortHeader {...sort} by="expiry" label="Trust ends" />
          <SortHeader {...sort} by="drift" label="Drift" />
          <SortHeader {...sort} by="generation" label="Generation" />
          <SortHeader {...sort} by="next" label="Next rotation" />
          <SortHeader {...sort} by="hosts" label="Hosts" />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {fleets.map((fleet) => (
          <FleetRow key={fleet.id} fleet={fleet} />
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

function FleetRow({ fleet }: { readonly fleet: Fleet }) {
  const { id, name, expiresAt, drift, generation, nextRotation, hostCount } = fleet;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Anchor component={Link} href={`/fleets/${id}`} fw={600}>
          {name}
        </Anchor>
      </Table.Th>
      <Table.Td>
        <RunningRotation rotation={fleet.rotation} />
      </Table.Td>
      <Table.Td>
        <ExpiryBadge at={expiresAt} />
      </Table.Td>
      <Table.Td>
        <DriftBadge drift={drift} />
      </Table.Td>
      <Table.Td>
        #{generation.number} <Digest of={generation.digest} />
      </Table.Td>
      <Table.Td>
        <NextRotation of={nextRotation} />
      </Table.Td>
      <Table.Td className="numbers">{hostCount}</Table.Td>
    </Table.Tr>
  );
}
