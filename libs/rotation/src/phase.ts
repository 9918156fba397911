import { hostIds, type RotationState } from './state.js';
import type { RotationPhase } from './vocabulary.js';

/**
 * The phase follows from what is journalled; it is never written by itself, so it cannot disagree with the
 * decisions. Read from the bottom of a rotation's life upwards: the latest true line wins.
 */
export function phaseOf(state: RotationState): RotationPhase {
  if (state.ended) return 'done';
  if (contracting(state)) return 'contract';
  if (activated(state)) return 'soak';
  if (confirmed(state, 'expand', 1)) return 'activate';
  if (state.decisions.has('go/expand.1/0')) return 'expand';
  if (done(state, 'samples.verify')) return 'stage';
  return 'preflight';
}

/** The old CA may no longer issue and the default path is the new one's: soaking may begin. */
export function activated(state: RotationState): boolean {
  return done(state, `activate.${state.attempt.activate}/ca.restrict-old`);
}

/** Every host is observed on the far side of the transition and its rollback is given up (I7). */
export function confirmed(state: RotationState, transition: 'expand' | 'contract', attempt: number): boolean {
  return (
    state.decisions.get(`outcome/${transition}.${attempt}`)?.decision.kind === 'keep' &&
    hostIds(state.snapshot).every((host) => done(state, `${transition}.${attempt}/host.confirm/${host}`))
  );
}

/** Every host is observed back on the near side after a `revert`. */
export function returned(state: RotationState, transition: 'expand' | 'contract', attempt: number): boolean {
  return (
    state.decisions.get(`outcome/${transition}.${attempt}`)?.decision.kind === 'revert' &&
    hostIds(state.snapshot).every((host) =>
      done(state, `${transition}.${attempt}/host.prove-reverted/${host}`),
    )
  );
}

function contracting(state: RotationState): boolean {
  const { contract } = state.attempt;
  if (returned(state, 'contract', contract)) return false;
  return state.decisions.has(`contract.${contract}`);
}

function done(state: RotationState, effectId: string): boolean {
  return state.effects.get(effectId)?.status === 'done';
}
