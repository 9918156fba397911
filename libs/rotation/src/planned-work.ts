import { scopeOf } from './batches.js';
import type { Effect } from './effects.js';
import type { Action } from './steps.js';
import type { RotationSnapshot, Scope } from './vocabulary.js';

/** A plan, sorted by who may carry it out. */
export interface PlannedWork {
  readonly effects: ReadonlyMap<Scope, readonly Effect[]>;
  /** When the first wait is over, in milliseconds since the epoch; infinite where nothing waits. */
  readonly waitsUntil: number;
}

const sorted = new WeakMap<readonly Action[], PlannedWork>();

/**
 * What is to be done, by scope. Sorted once for a plan: a large fleet has hundreds of batches, and each of them looks
 * at the same plan for what is its own.
 */
export function plannedWork(snapshot: RotationSnapshot, actions: readonly Action[]): PlannedWork {
  const known = sorted.get(actions) ?? sort(snapshot, actions);
  sorted.set(actions, known);
  return known;
}

function sort(snapshot: RotationSnapshot, actions: readonly Action[]): PlannedWork {
  const effects = new Map<Scope, Effect[]>();
  let waitsUntil = Number.POSITIVE_INFINITY;
  for (const action of actions) {
    if (action.kind === 'wait') waitsUntil = Math.min(waitsUntil, action.until);
    if (action.kind !== 'perform') continue;
    const scope = scopeOf(snapshot, action.effect);
    const own = effects.get(scope);
    if (own) own.push(action.effect);
    else effects.set(scope, [action.effect]);
  }
  return { effects, waitsUntil };
}
