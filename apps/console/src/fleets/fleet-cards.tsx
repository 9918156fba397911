import { Anchor, Group, Paper, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Fleet } from './all-fleets.js';
import { DriftBadge } from './drift-badge.js';
import { ExpiryBadge } from './expiry-badge.js';
import { NextRotation } from './next-rotation.js';
import { RunningRotation } from './running-rotation.js';

/** The same as the table, for a phone. */
export function FleetCards({ fleets }: { readonly fleets: readonly Fleet[] }) {
  return (
    <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
      {fleets.map((fleet) => (
        <Paper component="li" key={fleet.id} withBorder p="sm">
          <FleetCard fleet={fleet} />
        </Paper>
      ))}
    </Stack>
  );
}

function FleetCard({ fleet }: { readonly fleet: Fleet }) {
  const { id, name, generation, hostCount, nextRotation, rotation } = fleet;
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Anchor component={Link} href={`/fleets/${id}`} fw={600}>
          {name}
        </Anchor>
        <ExpiryBadge at={fleet.expiresAt} />
      </Group>
      <Group justify="space-between" gap="xs" align="flex-start">
        <DriftBadge drift={fleet.drift} />
        {rotation !== null && <RunningRotation rotation={rotation} />}
      </Group>
      <Text size="sm">
        Generation #{generation.number}, {hostCount} {hostCount === 1 ? 'host' : 'hosts'}, next rotation{' '}
        <NextRotation of={nextRotation} />
      </Text>
    </Stack>
  );
}
