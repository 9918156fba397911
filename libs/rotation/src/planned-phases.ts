import { doingIn } from './explain.js';
import { COURSES } from './strategy.js';
import type { RotationPhase, Strategy } from './vocabulary.js';

/** A phase that is ahead. */
export interface PlannedPhase {
  readonly phase: RotationPhase;
  /** What is done in it, in the words in which a rotation explains itself. */
  readonly does: string;
}

/** The phases that a rotation of the strategy passes through if nothing goes wrong, in order. */
export function plannedPhases(strategy: Strategy): readonly PlannedPhase[] {
  return phasesOf(strategy).map((phase) => ({ phase, does: doingIn(strategy, phase) }));
}

function phasesOf(strategy: Strategy): readonly RotationPhase[] {
  const { oneWay, movesCa, contracts } = COURSES[strategy];
  if (oneWay) return ['preflight', 'contract'];
  return [
    ...(['preflight', 'stage', 'expand'] as const),
    ...(movesCa ? (['activate'] as const) : []),
    ...(contracts ? (['soak', 'contract'] as const) : []),
  ];
}
