import { Alert, Group, Stack, Text } from '@mantine/core';
import type { RotationDescription, RotationState } from '#rotation';
import { Since } from '../../elements/ago.js';
import { GiveUpHost } from '../verbs/give-up-host.js';

interface BlocksProps {
  readonly state: RotationState;
  readonly description: RotationDescription;
  readonly isNow: boolean;
}

/** So many are told of; the others are in the list of hosts, under “something wrong”. */
const MOST_SHOWN = 5;

/** Why it stands still, where, since when, and what a person can do. */
export function Blocks({ state, description, isNow }: BlocksProps) {
  const { blocks } = description;
  if (blocks.length === 0) return null;
  const more = blocks.length - MOST_SHOWN;
  return (
    <Stack gap="xs" role="region" aria-label="What blocks it">
      {blocks.slice(0, MOST_SHOWN).map(({ hostId, host, since, reason }) => (
        <Alert
          key={`${hostId} ${reason.code} ${since}`}
          color="red"
          title={host === null ? 'Blocked' : `Blocked on ${host}`}
        >
          <Text size="sm">
            {reason.message} (for <Since at={since} />)
          </Text>
          <Group justify="space-between" align="flex-end">
            <Text size="sm">Next: {reason.nextStep}</Text>
            {isNow && hostId !== null && <GiveUpHost {...{ state, hostId }} />}
          </Group>
        </Alert>
      ))}
      {more > 0 && <Text size="sm">And {more} more: choose “something wrong” in the list of hosts.</Text>}
    </Stack>
  );
}
