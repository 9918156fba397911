import { COURSES, PHASES, type RotationPhase, type RotationState, type Strategy } from '#rotation';
import type { PhaseBegun } from '../../feed/journal-fold.js';

export interface PhaseStep {
  readonly phase: RotationPhase;
  /** `skipped`: it ended before this one. */
  readonly state: 'past' | 'now' | 'ahead' | 'skipped';
  /** How long it took so far, all visits together, in milliseconds; null where it was not entered. */
  readonly tookMs: number | null;
  /** How often it was entered: a contract that fails goes back to the soak. */
  readonly visits: number;
}

/** Which phases a strategy passes through (docs/strategies.md). */
export function phasesOf(strategy: Strategy): readonly RotationPhase[] {
  const { movesCa, contracts, oneWay } = COURSES[strategy];
  if (oneWay) return ['preflight', 'contract', 'done'];
  return PHASES.filter((phase) => {
    if (phase === 'activate') return movesCa;
    return phase === 'soak' || phase === 'contract' ? contracts : true;
  });
}

/** Every phase of the rotation as it is now, in order; `now` in milliseconds since the epoch. */
export function phaseSteps(
  { snapshot, phase, sequence, ended }: Pick<RotationState, 'snapshot' | 'phase' | 'sequence' | 'ended'>,
  begun: readonly PhaseBegun[],
  now: number,
): readonly PhaseStep[] {
  const known = begun.filter((one) => one.sequence <= sequence);
  return phasesOf(snapshot.strategy).map((one): PhaseStep => {
    const visits = known.filter(({ phase }) => phase === one).length;
    const tookMs = visits === 0 || one === 'done' ? null : timeIn(one, known, now);
    if (one === phase) return { phase: one, state: ended ? 'past' : 'now', tookMs, visits };
    const state = visits > 0 ? 'past' : ended ? 'skipped' : 'ahead';
    return { phase: one, state, tookMs, visits };
  });
}

function timeIn(phase: RotationPhase, known: readonly PhaseBegun[], now: number): number {
  return known.reduce((sum, one, index) => {
    if (one.phase !== phase) return sum;
    const next = known[index + 1];
    return sum + ((next ? Date.parse(next.at) : now) - Date.parse(one.at));
  }, 0);
}
