import { Table, Text, Title } from '@mantine/core';
import type { RotationDescription } from '#rotation';
import { Columns } from '../../elements/columns.js';
import { WideTable } from '../../elements/wide-table.js';

type Fleet = RotationDescription['otherFleets'][number];

const ROLES = ['old', 'overlap', 'new'] as const;

/** The bundles of one fleet before, during and after, and what changes between them. */
export function GenerationsTable({ fleetName, generations }: Fleet) {
  const { trustDiff, trustDiffDigest, verifiedBy } = generations;
  return (
    <section>
      <Title order={2} size="h4">
        What {fleetName} trusts
      </Title>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {trustDiff ?? 'What changes is known once the bundles are built.'}
      </Text>
      {trustDiffDigest !== null && (
        <Text size="xs" mt={4} style={{ overflowWrap: 'anywhere' }}>
          Digest of the change, of all fleets together: <code>{trustDiffDigest}</code>
        </Text>
      )}
      {verifiedBy && <Text size="xs">Samples were judged by {verifiedBy.join(', ')}.</Text>}
      <WideTable label={`Bundles of ${fleetName}`} minWidth={560}>
        <Columns named={['Bundle', 'Generation', 'Marker', 'Digest']} />
        <Table.Tbody>
          {ROLES.map((role) => (
            <Generation key={role} role={role} generation={generations[role]} />
          ))}
        </Table.Tbody>
      </WideTable>
    </section>
  );
}

interface GenerationProps {
  readonly role: string;
  readonly generation: Fleet['generations']['old'] | null;
}

function Generation({ role, generation }: GenerationProps) {
  return (
    <Table.Tr>
      <Table.Th scope="row">{role}</Table.Th>
      <Table.Td>{generation?.number ?? '–'}</Table.Td>
      <Table.Td>{generation ? (generation.marker ?? 'none') : 'not built'}</Table.Td>
      <Table.Td>
        <code style={{ overflowWrap: 'anywhere' }}>{generation?.digest ?? '–'}</code>
      </Table.Td>
    </Table.Tr>
  );
}
