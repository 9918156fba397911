import { Button, Divider, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { ProblemAlert } from '../../elements/problem-alert.js';
import type { Fleet } from '../../fleets/all-fleets.js';
import { useOnce } from '../../session/once.js';
import { useSession } from '../../session/session.js';
import { planRotation } from './plan.js';
import { PlanView } from './plan-view.js';
import { STRATEGY_WORDS } from './strategies.js';
import { bodyOf, firstWish, missingFrom, needsName, type Wish } from './wish.js';
import { WishForm } from './wish-form.js';

interface StartDialogProps {
  readonly fleet: Fleet;
  /** Fleets of the same issuing CA. */
  readonly sharing: readonly Fleet[];
}

/** First what is wanted, then what that would do, and only then the button that does it. */
export default function StartDialog({ fleet, sharing }: StartDialogProps) {
  const { client } = useSession();
  const [wish, setWish] = useState(() => firstWish(sharing));
  const plan = useMutation({ mutationFn: () => planRotation(client, bodyOf(fleet.id, wish)) });
  const missing = missingFrom(wish);
  const change = (next: Wish) => {
    setWish(next);
    plan.reset();
  };
  return (
    <Stack gap="md">
      <WishForm {...{ fleet, sharing, wish, change }} />
      <Group gap="sm">
        <Button
          variant={plan.data ? 'default' : 'filled'}
          loading={plan.isPending}
          disabled={missing !== null}
          onClick={() => plan.mutate()}
        >
          Show what it would do
        </Button>
        {missing !== null && <Text size="sm">{missing}</Text>}
      </Group>
      {plan.error && <ProblemAlert error={plan.error} />}
      {plan.data && (
        <>
          <Divider />
          <PlanView plan={plan.data} />
          <StartNow fleet={fleet} wish={wish} blocked={plan.data.blocks.length > 0} />
        </>
      )}
    </Stack>
  );
}

interface StartNowProps {
  readonly fleet: Fleet;
  readonly wish: Wish;
  /** It would be refused, or stand still. */
  readonly blocked: boolean;
}

function StartNow({ fleet, wish, blocked }: StartNowProps) {
  const { client } = useSession();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const once = useOnce();
  const [name, setName] = useState('');
  const start = useMutation({
    mutationFn: async () => {
      const body = bodyOf(fleet.id, wish);
      const { response } = await client.POST('/v1/rotations', { body, params: { header: once(body) } });
      const id = response.headers.get('location')?.split('/').at(-1);
      if (!id) throw new Error('The API did not say which rotation it started.');
      return id;
    },
    onSuccess: (id) => {
      void queries.invalidateQueries();
      go(`/rotations/${id}`);
    },
  });
  const danger = needsName(wish.strategy);
  return (
    <Stack gap="sm">
      {danger && (
        <TextInput
          label={`Type ${fleet.name} to go on`}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          autoComplete="off"
        />
      )}
      {start.error && <ProblemAlert error={start.error} />}
      <Group>
        <Button
          {...(danger ? { color: 'red.9' } : {})}
          loading={start.isPending || start.isSuccess}
          disabled={blocked || (danger && name !== fleet.name)}
          onClick={() => start.mutate()}
        >
          {STRATEGY_WORDS[wish.strategy].verb}
        </Button>
        {blocked && <Text size="sm">Mend what is named above first.</Text>}
      </Group>
    </Stack>
  );
}
