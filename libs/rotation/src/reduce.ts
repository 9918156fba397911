import { apply } from './apply.js';
import { CONDITIONS } from './conditions.js';
import { Draft } from './draft.js';
import type { RotationEvent } from './events.js';
import { GrowingMap } from './growing-map.js';
import { IllegalEvent } from './illegal-event.js';
import { isRefreshing } from './refresh.js';
import { type Signal, signalOf } from './signals.js';
import type { RotationState } from './state.js';
import { isHeld } from './status.js';
import { follow, rowsFor, type Transition } from './transitions.js';
import { type StoredEvent, UnknownEventVersion, upcast } from './upcast.js';

/** What may still happen while a person holds the rotation: what runs comes to its end, nothing is begun. */
const WHILE_PAUSED: ReadonlySet<Signal> = new Set([
  'term.taken',
  'effect.succeeded',
  'effect.failed',
  'rotation.resumed',
  'retry.requested',
  'abort.requested',
  'host.decommissioned',
  'gate.overridden',
  'contract.approved',
]);

/** After these the phase is judged by what the entry made true, not by what was true before it. */
const JUDGED_AFTER: ReadonlySet<Signal> = new Set(['effect.succeeded', 'host.decommissioned']);

/** What leaves {@link RotationState.revision} as it is: the work between two decisions. */
const MERE_WORK: ReadonlySet<Signal> = new Set([
  'term.taken',
  'effect.intended',
  'effect.succeeded',
  'effect.failed',
  'deadlines.renewed',
]);

export interface ReducibleEntry {
  readonly sequence: number;
  readonly at: string;
  /** In the shape of the release that wrote it. */
  readonly event: StoredEvent;
}

/** Folds a whole journal. Throws {@link IllegalEvent}. */
export function replay(entries: readonly ReducibleEntry[]): RotationState | null {
  return reduceAll(null, entries);
}

/** The state after some more entries: as {@link reduce} for each of them, without the states between. Pure. */
export function reduceAll<S extends RotationState | null>(
  state: S,
  entries: readonly ReducibleEntry[],
): S | RotationState {
  const draft = new Draft();
  return entries.reduce<S | RotationState>((last, entry) => step(last, entry, draft), state);
}

/**
 * As {@link reduceAll}, with a look at each state between. Such a state may be read until `visit` returns, and no
 * longer: the next one is made of it.
 */
export function reduceEach<Entry extends ReducibleEntry>(
  state: RotationState | null,
  entries: readonly Entry[],
  visit: (state: RotationState, entry: Entry) => void,
): RotationState | null {
  const draft = new Draft();
  return entries.reduce<RotationState | null>((last, entry) => {
    const next = step(last, entry, draft);
    visit(next, entry);
    return next;
  }, state);
}

/**
 * A fold of a journal that goes on growing. The effects are copied once for each state that is looked at, however many
 * calls the entries came in: a browser folds some in every frame and looks a few times a second.
 */
export class GrowingFold {
  private draft = new Draft();
  private last: RotationState | null = null;

  /** Takes in more entries; `visit` is as in {@link reduceEach}. Throws {@link IllegalEvent}. */
  take<Entry extends ReducibleEntry>(
    entries: readonly Entry[],
    visit: (state: RotationState, entry: Entry) => void = () => undefined,
  ): void {
    for (const entry of entries) {
      this.last = step(this.last, entry, this.draft);
      visit(this.last, entry);
    }
  }

  /** The state now. What was given out never changes: the next entry works on a copy. */
  look(): RotationState | null {
    this.draft = new Draft();
    return this.last;
  }
}

/** The state after one more entry. Pure. Throws {@link IllegalEvent} when the entry breaks the rules. */
export function reduce(state: RotationState | null, entry: ReducibleEntry): RotationState {
  return step(state, entry, new Draft());
}

function step(state: RotationState | null, entry: ReducibleEntry, draft: Draft): RotationState {
  const event = known(entry.event);
  if (event.type === 'rotation.requested') {
    if (state) throw new IllegalEvent(event.type, 'the rotation exists already');
    return initial(entry, event.snapshot);
  }
  if (!state) throw new IllegalEvent(event.type, 'the rotation was never requested');
  if (state.ended) throw new IllegalEvent(event.type, `the rotation ended as ${state.ended.status}`);
  return pass(state, entry, event, draft);
}

function known(stored: StoredEvent): RotationEvent {
  try {
    return upcast(stored);
  } catch (error) {
    if (error instanceof UnknownEventVersion) throw new IllegalEvent(stored.type, error.message);
    throw error;
  }
}

/**
 * Walks the transition table. Decisions and ends are judged by what was true before them; an outcome of an
 * effect moves the phase by what it made true.
 */
function pass(
  state: RotationState,
  { sequence, at }: ReducibleEntry,
  event: Exclude<RotationEvent, { type: 'rotation.requested' }>,
  draft: Draft,
): RotationState {
  const signal = signalOf(event);
  if (isHeld(state) && !WHILE_PAUSED.has(signal) && !isUpkeep(state, event)) {
    throw new IllegalEvent(signal, `the rotation is paused by ${state.paused?.by ?? 'somebody'}`);
  }
  const rows = rowsFor(state.phase, signal);
  const after = JUDGED_AFTER.has(signal);
  if (rows.length === 0) throw new IllegalEvent(signal, `it has no place in phase ${state.phase}`);
  const before = after ? null : follow(rows, state);
  if (!after && !before) throw new IllegalEvent(signal, `it needs: ${needsOf(rows)}`);
  const next = apply({ ...state, sequence, updatedAt: at }, at, event, draft);
  const phase = (after ? follow(rows, next) : before)?.to ?? state.phase;
  const moved = phase !== state.phase;
  const revision = moved || !MERE_WORK.has(signal) ? state.revision + 1 : state.revision;
  return moved ? { ...next, revision, phase, phaseSince: at } : { ...next, revision };
}

/** What a pause does not hold: hosts whose CRLs end would refuse their clients. */
function isUpkeep(state: RotationState, event: RotationEvent): boolean {
  if (event.type === 'effect.intended') return event.effect.id.startsWith('refresh.');
  if (event.type === 'deadlines.renewed') return isRefreshing(state);
  if (event.type !== 'decision.made') return false;
  return 'transition' in event.decision && event.decision.transition === 'refresh';
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
    revision: 1,
    terms: new Map(),
    phase: 'preflight',
    phaseSince: entry.at,
    effects: GrowingMap.empty(),
    trails: GrowingMap.empty(),
    tally: { running: new Set(), failing: new Set(), done: new Map() },
    decisions: new Map(),
    armed: GrowingMap.empty(),
    decommissioned: new Map(),
    retryAt: null,
    attempt: { activate: 1, contract: 1 },
    paused: null,
    override: null,
    approval: null,
    abort: null,
    ended: null,
  };
}
