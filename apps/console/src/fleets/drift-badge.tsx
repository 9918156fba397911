import { Group, Stack, Text } from '@mantine/core';
import { Ago } from '../elements/ago.js';
import { StateBadge } from '../elements/state-badge.js';
import type { Fleet } from './all-fleets.js';
import { DRIFT_LOOKS, driftParts } from './drift.js';

/** Whether the hosts are as recorded, and when that was looked at last. */
export function DriftBadge({ drift }: { readonly drift: Fleet['drift'] }) {
  return (
    <Stack gap={2} align="flex-start">
      <Group gap={4}>
        {driftParts(drift).map(({ state, words }) => (
          <StateBadge key={state} {...DRIFT_LOOKS[state]}>
            {words}
          </StateBadge>
        ))}
      </Group>
      <Text size="xs" c="dimmed" component="span">
        {drift.checkedAt === null ? (
          'never checked'
        ) : (
          <>
            checked <Ago at={drift.checkedAt} />
          </>
        )}
      </Text>
    </Stack>
  );
}
