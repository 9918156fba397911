import type { RotationState } from './state.js';
import type { Strategy } from './vocabulary.js';

/** What a strategy does beside what all of them do. */
export interface Course {
  /** A new issuer is made, and the CA switches to it once every host trusts it. */
  readonly movesCa: boolean;
  /** The fleet trusts more for a while: what was added, or what was there before, is dropped by a contract. */
  readonly contracts: boolean;
  /** Every host is taken from whatever bundle it serves. */
  readonly adopts: boolean;
  /** There is no overlap: whoever is on the way out may be refused from the one switch on. */
  readonly atOnce: boolean;
  /** Nobody goes back, and no host waits for another one. */
  readonly oneWay: boolean;
}

const NOTHING: Course = { movesCa: false, contracts: false, adopts: false, atOnce: false, oneWay: false };

/** Which phases each strategy passes through follows from these (docs/strategies.md). */
export const COURSES: Readonly<Record<Strategy, Course>> = {
  overlap: { ...NOTHING, movesCa: true, contracts: true },
  rehearse: { ...NOTHING, contracts: true },
  replace: { ...NOTHING, atOnce: true },
  refresh: { ...NOTHING, atOnce: true },
  sync: { ...NOTHING, adopts: true },
  distrust: { ...NOTHING, adopts: true, oneWay: true },
};

/** The course of the rotation. */
export function courseOf({ snapshot }: Pick<RotationState, 'snapshot'>): Course {
  return COURSES[snapshot.strategy];
}

/** The try whose end is the end of the rotation: `contract.<n>`, or `expand.1` where no contract follows. */
export function lastTryOf(state: Pick<RotationState, 'snapshot' | 'attempt'>): string {
  const { contracts, oneWay } = courseOf(state);
  return contracts || oneWay ? `contract.${state.attempt.contract}` : 'expand.1';
}
