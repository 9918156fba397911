import { type Effect, isHostEffect } from './effects.js';
import type { Decision, RotationEvent } from './events.js';
import type { RotationState } from './state.js';
import type { EndStatus, RotationPhase, Strategy, TransitionName } from './vocabulary.js';

/** What some entries of a journal tell whoever measures. Durations in seconds, by the clock of the journal. */
export type Observation =
  /** From when it was asked for. */
  | {
      readonly kind: 'rotation-ended';
      readonly strategy: Strategy;
      readonly outcome: EndStatus;
      readonly seconds: number;
    }
  | {
      readonly kind: 'phase-ended';
      readonly strategy: Strategy;
      readonly phase: RotationPhase;
      readonly seconds: number;
    }
  | {
      readonly kind: 'effect-ended';
      readonly effect: Effect['kind'];
      readonly outcome: 'succeeded' | 'failed';
      readonly seconds: number;
    }
  | { readonly kind: 'effect-failed'; readonly effect: Effect['kind']; readonly code: string }
  /** Between the first and the last host of one wave that said that it has switched. */
  | { readonly kind: 'wave-switched'; readonly transition: TransitionName; readonly seconds: number };

/**
 * What the entries that lead from `before` to `after` tell. Each entry is written by one process: where only that one
 * asks for this, everything is counted once, and nothing is counted again by whoever reads the journal later.
 */
export function observationsOf(
  before: RotationState,
  after: RotationState,
  entries: readonly { readonly at: string; readonly event: RotationEvent }[],
): readonly Observation[] {
  return [
    ...entries.flatMap(({ at, event }) => ofEvent(before, after, at, event)),
    ...ofPhase(before, after),
  ];
}

function ofEvent(
  before: RotationState,
  after: RotationState,
  at: string,
  event: RotationEvent,
): readonly Observation[] {
  switch (event.type) {
    case 'rotation.ended':
      return [
        {
          ...{ kind: 'rotation-ended', strategy: before.snapshot.strategy, outcome: event.status },
          seconds: secondsBetween(before.requestedAt, at),
        },
      ];
    case 'effect.succeeded':
      return ofOutcome(before, event.effectId, at, 'succeeded');
    case 'effect.failed':
      return [
        ...ofOutcome(before, event.effectId, at, 'failed'),
        ...ofFailure(before, event.effectId, event.reason.code),
      ];
    case 'decision.made':
      return ofDecision(after, event.decision);
    default:
      return [];
  }
}

function ofOutcome(
  { effects }: RotationState,
  effectId: string,
  at: string,
  outcome: 'succeeded' | 'failed',
): readonly Observation[] {
  const record = effects.get(effectId);
  if (record === undefined) return [];
  return [
    {
      kind: 'effect-ended',
      effect: record.effect.kind,
      outcome,
      seconds: secondsBetween(record.begunAt, at),
    },
  ];
}

function ofFailure({ effects }: RotationState, effectId: string, code: string): readonly Observation[] {
  const record = effects.get(effectId);
  return record === undefined ? [] : [{ kind: 'effect-failed', effect: record.effect.kind, code }];
}

/** Once every host has said that it switched: who came back at `keep` was there before. */
function ofDecision(state: RotationState, decision: Decision): readonly Observation[] {
  if (decision.kind !== 'keep') return [];
  const { transition, attempt } = decision;
  const times = new Map<string, string>();
  for (const { effect, status, at } of state.effects.values()) {
    const own = effect.kind === 'host.commit' && effect.id.startsWith(`${transition}.${attempt}/`);
    if (own && isHostEffect(effect) && status === 'done') times.set(effect.hostId, at);
  }
  return state.snapshot.waves.flatMap((wave) => {
    const committed = wave.flatMap((hostId) => Date.parse(times.get(hostId) ?? '') || []);
    if (committed.length === 0) return [];
    const seconds = (Math.max(...committed) - Math.min(...committed)) / 1000;
    return [{ kind: 'wave-switched', transition, seconds } as const];
  });
}

function ofPhase(before: RotationState, after: RotationState): readonly Observation[] {
  if (before.phase === after.phase) return [];
  const seconds = secondsBetween(before.phaseSince, after.phaseSince);
  return [{ kind: 'phase-ended', strategy: before.snapshot.strategy, phase: before.phase, seconds }];
}

/** Never below zero: the journal's clock may be set back. */
function secondsBetween(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from)) / 1000;
}
