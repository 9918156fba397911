import { fleetEffect } from './effects.js';
import type { EffectRecord, RotationState } from './state.js';
import { advance, type Progress } from './steps.js';
import { isGateOpen, usageVerdict } from './usage-gate.js';

/** How often a closed gate is looked at: a soak takes days, and every look is an entry of the journal. */
export const LOOK_AGAIN_MS = 3_600_000;

/**
 * Keeps the old CA until nobody can need it. A closed gate is looked at again every hour, when it should open, and
 * whenever a person asks for another try.
 */
export function awaitGate(state: RotationState, now: number): Progress {
  const { attempt, snapshot, override, decisions } = state;
  const scope = `contract.${attempt.contract}`;
  if (snapshot.contractWhen !== 'unused' || override || decisions.has(scope)) return { kind: 'done' };
  const progress = advance(state, now, [[fleetEffect('usage.judge', scope)]], 'insist', (record) =>
    isOutdated(state, record, now),
  );
  if (progress.kind !== 'done' || isGateOpen(state)) return progress;
  return { kind: 'busy', actions: [{ kind: 'wait', until: nextLook(state) }] };
}

function isOutdated(state: RotationState, record: EffectRecord, now: number): boolean {
  if (record.result.open === true) return false;
  return now >= nextLook(state) || (state.retryAt !== null && state.retryAt > record.at);
}

function nextLook(state: RotationState): number {
  const verdict = usageVerdict(state);
  if (verdict === null) return 0;
  const judgedAt = Date.parse(verdict.judgedAt);
  const opensAt = verdict.opensAt === null ? Number.POSITIVE_INFINITY : Date.parse(verdict.opensAt);
  // Never at once again: what should have opened it did not.
  return Math.min(judgedAt + LOOK_AGAIN_MS, Math.max(opensAt, judgedAt + 1000));
}
