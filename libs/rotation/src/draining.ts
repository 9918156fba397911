import { hostEffect } from './plan-preflight.js';
import { activeHosts, type RotationState } from './state.js';
import { advance, type Progress } from './steps.js';
import type { Reason } from './vocabulary.js';

/**
 * The old CA is gone from the bundles; a worker of before may still serve whoever it let in. The contract waits for
 * the last of them, or until the time that was agreed on is over, and then says who was left.
 */
export function awaitDrained(state: RotationState, now: number, attempt: number): Progress {
  const effects = activeHosts(state).map((host) => hostEffect('contract', attempt, 'host.drained', host));
  const deadline = drainDeadline(state, attempt);
  const progress = advance(state, now, [effects], 'insist');
  if (progress.kind !== 'busy') return progress;
  if (now < deadline)
    return { kind: 'busy', actions: [...progress.actions, { kind: 'wait', until: deadline }] };
  const running = effects.some(({ id }) => state.effects.get(id)?.status === 'running');
  return running ? { kind: 'busy', actions: [] } : { kind: 'done' };
}

function drainDeadline({ effects, snapshot }: RotationState, attempt: number): number {
  const confirmed = [...effects.values()].filter(({ effect }) =>
    effect.id.startsWith(`contract.${attempt}/host.confirm/`),
  );
  return Math.max(...confirmed.map(({ at }) => Date.parse(at))) + (snapshot.timing.drainMs ?? 0);
}

/** What is known of the workers that the contract waits for, or did not wait for any longer. */
export function stillDraining(state: RotationState): readonly Reason[] {
  return activeHosts(state).flatMap((host) => {
    const record = state.effects.get(`contract.${state.attempt.contract}/host.drained/${host}`);
    return record?.status !== 'done' && record?.reason ? [record.reason] : [];
  });
}
