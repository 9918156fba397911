import type { HostEffect } from './effects.js';
import { activeHosts, failingEffects, type RotationState } from './state.js';
import { advance, type Progress } from './steps.js';
import { lastTryOf } from './strategy.js';
import type { Reason } from './vocabulary.js';

/**
 * What is distrusted is gone from the bundles; a worker of before may still serve whoever it let in. The rotation waits
 * for the last of them, or until the time that was agreed on is over, and then says who was left.
 */
export function awaitDrained(state: RotationState, now: number): Progress {
  const attempt = lastTryOf(state);
  const transition = attempt === 'expand.1' ? 'expand' : 'contract';
  const effects = activeHosts(state).map((hostId): HostEffect => {
    return { id: `${attempt}/host.drained/${hostId}`, kind: 'host.drained', hostId, transition };
  });
  const deadline = drainDeadline(state, attempt);
  const progress = advance(state, now, [effects], 'insist');
  if (progress.kind !== 'busy') return progress;
  if (now < deadline)
    return { kind: 'busy', actions: [...progress.actions, { kind: 'wait', until: deadline }] };
  const running = effects.some(({ id }) => state.effects.get(id)?.status === 'running');
  return running ? { kind: 'busy', actions: [] } : { kind: 'done' };
}

function drainDeadline({ effects, snapshot }: RotationState, attempt: string): number {
  const confirmed = [...effects.values()].filter(({ effect }) =>
    effect.id.startsWith(`${attempt}/host.confirm/`),
  );
  return Math.max(...confirmed.map(({ at }) => Date.parse(at))) + (snapshot.timing.drainMs ?? 0);
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
