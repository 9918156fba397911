import { Anchor, Group, Text } from '@mantine/core';
import { Link } from 'wouter';
import { StatusBadge } from '../rotations/status-badge.js';
import type { Fleet } from './all-fleets.js';

/** The rotation that is under way, and where to watch it. */
export function RunningRotation({ rotation }: { readonly rotation: Fleet['rotation'] }) {
  if (rotation === null) {
    return (
      <Text size="sm" c="dimmed">
        none
      </Text>
    );
  }
  const { id, status, phase, strategy } = rotation;
  return (
    <Group gap={6}>
      <StatusBadge status={status} />
      <Anchor component={Link} href={`/rotations/${id}`} size="sm">
        {strategy}, {phase}
      </Anchor>
    </Group>
  );
}
