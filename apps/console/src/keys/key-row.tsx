import { Button, Table, Text } from '@mantine/core';
import { Ago } from '../elements/ago.js';
import { useNow } from '../elements/now.js';
import { StateBadge, type Tone } from '../elements/state-badge.js';
import { useFleetNames } from '../fleets/fleet-names.js';
import { type ApiKey, type KeyState, keyState } from './key-state.js';

const LOOKS: Readonly<Record<KeyState, { readonly tone: Tone; readonly glyph: string }>> = {
  good: { tone: 'good', glyph: '✔' },
  ended: { tone: 'waits', glyph: '⊘' },
  revoked: { tone: 'quiet', glyph: '⊘' },
};

interface KeyRowProps {
  readonly apiKey: ApiKey;
  onRevoke(): void;
}

export function KeyRow({ apiKey, onRevoke }: KeyRowProps) {
  const names = useFleetNames();
  const { label, role, fleetIds, person, expiresAt, lastUsedAt } = apiKey;
  const state = keyState(apiKey, useNow());
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        {label}
        {person !== null && (
          <Text size="xs" c="dimmed">
            of {person}
          </Text>
        )}
      </Table.Th>
      <Table.Td>
        <StateBadge {...LOOKS[state]}>{state}</StateBadge>
      </Table.Td>
      <Table.Td>{role}</Table.Td>
      <Table.Td>{fleetIds === null ? 'all' : fleetIds.map((id) => names.get(id) ?? id).join(', ')}</Table.Td>
      <Table.Td>{expiresAt === null ? 'never' : <Ago at={expiresAt} />}</Table.Td>
      <Table.Td>{lastUsedAt === null ? 'never' : <Ago at={lastUsedAt} />}</Table.Td>
      <Table.Td>
        {state !== 'revoked' && (
          <Button size="compact-sm" variant="default" aria-label={`Revoke ${label}`} onClick={onRevoke}>
            Revoke
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
