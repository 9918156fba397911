import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { components } from '#api-client';
import { ProblemAlert } from '../elements/problem-alert.js';
import { useSession } from '../session/session.js';

type FleetDrift = components['schemas']['FleetDrift'];

/** Asks every host, now, whether it is as recorded. It changes nothing. */
export function CheckDrift({ fleetId, hosts }: { readonly fleetId: string; readonly hosts: number }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const checking = useMutation({
    mutationFn: async () => {
      const { data } = await client.GET('/v1/fleets/{fleetId}/drift', { params: { path: { fleetId } } });
      return data;
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['fleets'] }),
  });
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Button
          variant="default"
          size="compact-md"
          loading={checking.isPending}
          disabled={hosts === 0}
          onClick={() => checking.mutate()}
        >
          Check drift now
        </Button>
        <Text size="sm" c="dimmed" aria-live="polite">
          {checking.isPending
            ? `Asking ${hosts === 1 ? 'the host' : `${hosts} hosts`}, 16 at once. One that does not answer takes half a minute.`
            : 'One command over SSH on each host, one handshake with each listener. Nothing is changed.'}
        </Text>
      </Group>
      {checking.error !== null && <ProblemAlert error={checking.error} />}
      {checking.data && <Found drift={checking.data} />}
    </Stack>
  );
}

function Found({ drift }: { readonly drift: FleetDrift }) {
  const out = drift.items.filter(({ state }) => state !== 'in-sync');
  if (out.length === 0) {
    return (
      <Alert color="teal" role="status" title="In sync">
        Every host was asked, and serves generation #{drift.generation.number}.
      </Alert>
    );
  }
  return (
    <Alert color="red" role="status" title={`${out.length} of ${drift.items.length} hosts are not in sync`}>
      <List size="sm">
        {out.map(({ hostId, host, state, problems }) => (
          <List.Item key={hostId}>
            <strong>{host}</strong>, {state}: {problems.map(({ message }) => message).join(' ')}{' '}
            {problems[0] && `Next: ${problems[0].nextStep}`}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
