import { CONDITIONS } from './conditions.js';
import { EVENT_VERSION, type RotationEvent } from './events.js';
import { INTENTS } from './intents.js';
import { type Signal, signalOf } from './signals.js';
import { decisionKey, type EffectRecord, type RotationState } from './state.js';
import { follow, rowsFor, type Transition } from './transitions.js';

/** What may still happen while a person holds the rotation: what runs comes to its end, nothing is begun. */
const WHILE_PAUSED: ReadonlySet<Signal> = new Set([
  'term.taken',
  'effect.succeeded',
  'effect.failed',
  'rotation.resumed',
  'abort.requested',
]);

/** An entry of the journal that cannot follow the ones before it. Nothing may be done with such a rotation. */
export class IllegalEvent extends Error {
  constructor(event: string, why: string) {
    super(`journal entry ${event} is illegal here: ${why}`);
    this.name = 'IllegalEvent';
  }
}

export interface ReducibleEntry {
  readonly sequence: number;
  readonly at: string;
  readonly event: RotationEvent;
}

/** Folds a whole journal. Throws {@link IllegalEvent}. */
export function replay(entries: readonly ReducibleEntry[]): RotationState | null {
  return entries.reduce<RotationState | null>((state, entry) => reduce(state, entry), null);
}

/** The state after one more entry. Pure. Throws {@link IllegalEvent} when the entry breaks the rules. */
export function reduce(state: RotationState | null, entry: ReducibleEntry): RotationState {
  const { event } = entry;
  if (event.v !== EVENT_VERSION) {
    throw new IllegalEvent(
      event.type,
      `its version ${event.v} is unknown to this release; run the newer one`,
    );
  }
  if (event.type === 'rotation.requested') {
    if (state) throw new IllegalEvent(event.type, 'the rotation exists already');
    return initial(entry, event.snapshot);
  }
  if (!state) throw new IllegalEvent(event.type, 'the rotation was never requested');
  if (state.ended) throw new IllegalEvent(event.type, `the rotation ended as ${state.ended.status}`);
  return pass(state, entry, event);
}

/**
 * Walks the transition table. Decisions and ends are judged by what was true before them; an outcome of an
 * effect moves the phase by what it made true.
 */
function pass(
  state: RotationState,
  { sequence, at }: ReducibleEntry,
  event: Exclude<RotationEvent, { type: 'rotation.requested' }>,
): RotationState {
  const signal = signalOf(event);
  if (state.paused && !WHILE_PAUSED.has(signal)) {
    throw new IllegalEvent(signal, `the rotation is paused by ${state.paused.by}`);
  }
  const rows = rowsFor(state.phase, signal);
  if (rows.length === 0) throw new IllegalEvent(signal, `it has no place in phase ${state.phase}`);
  if (event.type !== 'effect.succeeded' && !follow(rows, state)) {
    throw new IllegalEvent(signal, `it needs: ${needsOf(rows)}`);
  }
  const next = apply({ ...state, sequence, updatedAt: at }, at, event);
  const phase = follow(rows, event.type === 'effect.succeeded' ? next : state)?.to ?? state.phase;
  return phase === state.phase ? next : { ...next, phase, phaseSince: at };
}

function needsOf(rows: readonly Transition[]): string {
  return rows.flatMap(({ when }) => (when ? [CONDITIONS[when].says] : [])).join('; or ');
}

function initial(entry: ReducibleEntry, snapshot: RotationState['snapshot']): RotationState {
  return {
    snapshot,
    sequence: entry.sequence,
    requestedAt: entry.at,
    updatedAt: entry.at,
    term: 0,
    phase: 'preflight',
    phaseSince: entry.at,
    effects: new Map(),
    decisions: new Map(),
    attempt: { activate: 1, contract: 1 },
    paused: null,
    abort: null,
    ended: null,
  };
}

function apply(
  state: RotationState,
  at: string,
  event: Exclude<RotationEvent, { type: 'rotation.requested' }>,
): RotationState {
  switch (event.type) {
    case 'term.taken':
      return takeTerm(state, at, event.term);
    case 'effect.intended':
      return intend(state, at, event.effect);
    case 'effect.succeeded':
      return settle(state, event.effectId, (record) => ({
        ...record,
        status: 'done',
        at,
        failingSince: null,
        result: event.result,
        reason: null,
        transient: false,
      }));
    case 'effect.failed':
      return settle(state, event.effectId, (record) => ({
        ...record,
        status: 'failed',
        at,
        failingSince: record.failingSince ?? at,
        reason: event.reason,
        transient: event.transient,
      }));
    case 'decision.made':
      return decide(state, at, event);
    case 'rotation.paused':
      return { ...state, paused: { by: event.by, reason: event.reason, since: at } };
    case 'rotation.resumed':
      return resume(state);
    case 'abort.requested':
      return { ...state, abort: { by: event.by, because: event.because, at } };
    case 'rotation.ended':
      return { ...state, ended: { status: event.status, because: event.because, at } };
  }
}

function takeTerm(state: RotationState, at: string, term: number): RotationState {
  if (term <= state.term) throw new IllegalEvent('term.taken', `term ${term} does not exceed ${state.term}`);
  const effects = new Map(state.effects);
  for (const [id, record] of effects) {
    if (record.status === 'running') effects.set(id, { ...record, status: 'interrupted', at });
  }
  return { ...state, term, effects };
}

function intend(state: RotationState, at: string, effect: EffectRecord['effect']): RotationState {
  const before = state.effects.get(effect.id);
  if (before?.status === 'running' || before?.status === 'done') {
    throw new IllegalEvent('effect.intended', `${effect.id} is ${before.status}`);
  }
  const rule = INTENTS[effect.kind];
  if (!rule.holds(state, effect)) {
    throw new IllegalEvent('effect.intended', `${effect.id} needs: ${rule.says}`);
  }
  const record: EffectRecord = {
    effect,
    status: 'running',
    attempts: (before?.attempts ?? 0) + 1,
    at,
    failingSince: before?.failingSince ?? null,
    result: {},
    reason: before?.reason ?? null,
    transient: false,
  };
  return { ...state, effects: new Map(state.effects).set(effect.id, record) };
}

function settle(
  state: RotationState,
  id: string,
  change: (record: EffectRecord) => EffectRecord,
): RotationState {
  const record = state.effects.get(id);
  if (record?.status !== 'running') {
    throw new IllegalEvent('effect outcome', `${id} is ${record?.status ?? 'not intended'}`);
  }
  return { ...state, effects: new Map(state.effects).set(id, change(record)) };
}

function decide(
  state: RotationState,
  at: string,
  event: Extract<RotationEvent, { type: 'decision.made' }>,
): RotationState {
  const key = decisionKey(event.decision);
  if (state.decisions.has(key)) throw new IllegalEvent('decision.made', `${key} is decided already`);
  const decisions = new Map(state.decisions).set(key, {
    decision: event.decision,
    at,
    because: event.because,
  });
  return { ...state, decisions };
}

/** A resume begins what failed anew, under a new attempt, so that every decision stays written once. */
function resume(state: RotationState): RotationState {
  if (!state.paused) throw new IllegalEvent('rotation.resumed', 'the rotation is not paused');
  const { activate, contract } = state.attempt;
  const attempt =
    state.phase === 'activate'
      ? { activate: activate + 1, contract }
      : state.decisions.has(`outcome/contract.${contract}`) || hasFailedStage(state)
        ? { activate, contract: contract + 1 }
        : state.attempt;
  return { ...state, paused: null, attempt };
}

function hasFailedStage(state: RotationState): boolean {
  const prefix = `contract.${state.attempt.contract}/host.stage/`;
  return [...state.effects].some(([id, record]) => id.startsWith(prefix) && record.status === 'failed');
}
