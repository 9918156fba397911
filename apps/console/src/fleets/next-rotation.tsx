import { Text } from '@mantine/core';
import { Ago } from '../elements/ago.js';
import { useNow } from '../elements/now.js';
import type { Fleet } from './all-fleets.js';

/** When a schedule is expected to rotate the fleet. */
export function NextRotation({ of }: { readonly of: Fleet['nextRotation'] }) {
  const now = useNow();
  if (of === null) {
    return (
      <Text size="sm" c="dimmed" component="span">
        not scheduled
      </Text>
    );
  }
  return (
    <span>
      {Date.parse(of.at) < now && 'overdue, '}
      <Ago at={of.at} />
    </span>
  );
}
