import { stepOn } from './host-steps.js';
import { activeHosts, allHosts, failingEffects, type RotationState } from './state.js';
import { advance, type Progress } from './steps.js';
import { lastTryOf } from './strategy.js';
import type { Reason } from './vocabulary.js';

/**
 * What is distrusted is gone from the bundles; a worker of before may still serve whoever it let in. The rotation waits
 * for the last of them, or until the time that was agreed on is over, and then says who was left.
 */
export function awaitDrained(state: RotationState, now: number): Progress {
  const attempt = lastTryOf(state);
  const drained =
    attempt === 'expand.1'
      ? stepOn(state.snapshot, 'expand', 1, 'host.drained')
      : stepOn(state.snapshot, 'contract', state.attempt.contract, 'host.drained');
  const effects = activeHosts(state).map(drained);
  const deadline = drainDeadline(state, attempt);
  const progress = advance(state, now, [effects], 'insist');
  if (progress.kind !== 'busy') return progress;
  if (now < deadline)
    return { kind: 'busy', actions: [...progress.actions, { kind: 'wait', until: deadline }] };
  const running = effects.some(({ id }) => state.effects.get(id)?.status === 'running');
  return running ? { kind: 'busy', actions: [] } : { kind: 'done' };
}

function drainDeadline({ effects, snapshot }: RotationState, attempt: string): number {
  const confirmed = allHosts(snapshot).flatMap(
    (host) => effects.get(`${attempt}/host.confirm/${host}`) ?? [],
  );
  const last = confirmed.reduce((latest, { at }) => (at > latest ? at : latest), '');
  return Date.parse(last) + (snapshot.timing.drainMs ?? 0);
}

/** What is known of the workers that the rotation waits for, or did not wait for any longer. */
export function stillDraining(state: RotationState): readonly Reason[] {
  const attempt = lastTryOf(state);
  const known = new Map(
    failingEffects(state).flatMap(({ effect, reason }) =>
      effect.kind === 'host.drained' && effect.id.startsWith(`${attempt}/`) && reason !== null
        ? [[effect.hostId, reason] as const]
        : [],
    ),
  );
  // Of ten thousand hosts nobody is asked for in vain: every reply comes by here.
  return known.size === 0 ? [] : activeHosts(state).flatMap((host) => known.get(host) ?? []);
}
