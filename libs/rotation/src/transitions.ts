import { CONDITIONS, type ConditionName } from './conditions.js';
import type { Signal } from './signals.js';
import type { RotationState } from './state.js';
import type { RotationPhase } from './vocabulary.js';

/**
 * One line of the rotation's life. Two rows with the same `from` and `on`: the first whose condition holds
 * counts. A signal without a row in a phase is illegal there and is never journalled.
 */
export interface Transition {
  readonly from: RotationPhase;
  readonly on: Signal;
  /** Must hold before the event, for decisions and ends; after it, for outcomes of effects and a host given up. */
  readonly when?: ConditionName;
  readonly to: RotationPhase;
}

const stays = (from: RotationPhase, ...signals: readonly Signal[]): Transition[] =>
  signals.map((on) => ({ from, on, to: from }));

const WORK: readonly Signal[] = ['term.taken', 'effect.intended', 'effect.succeeded', 'effect.failed'];
const WISHES: readonly Signal[] = ['rotation.paused', 'rotation.resumed', 'retry.requested'];

/** While the fleet trusts both, its CRLs are kept fresh, whatever else the rotation waits for. */
const refreshes = (from: RotationPhase): Transition[] => [
  { from, on: 'go refresh', when: 'refreshing', to: from },
  { from, on: 'refuse refresh', when: 'unswitchedToRefresh', to: from },
  { from, on: 'keep refresh', when: 'provenToRefresh', to: from },
  { from, on: 'revert refresh', when: 'refreshing', to: from },
  ...stays(from, 'deadlines.renewed'),
];

export const TRANSITIONS: readonly Transition[] = [
  { from: 'preflight', on: 'effect.succeeded', when: 'verified', to: 'stage' },
  ...stays('preflight', ...WORK, ...WISHES),
  { from: 'preflight', on: 'abort.requested', when: 'undecided', to: 'preflight' },
  { from: 'preflight', on: 'refuse expand', when: 'undecided', to: 'preflight' },
  { from: 'preflight', on: 'contract', when: 'distrusting', to: 'contract' },
  { from: 'preflight', on: 'ended refused', when: 'untouched', to: 'done' },
  { from: 'preflight', on: 'ended cancelled', when: 'untouched', to: 'done' },

  ...stays('stage', 'host.decommissioned', ...WORK, ...WISHES),
  { from: 'stage', on: 'abort.requested', when: 'undecided', to: 'stage' },
  { from: 'stage', on: 'refuse expand', when: 'undecided', to: 'stage' },
  { from: 'stage', on: 'ended refused', when: 'untouched', to: 'done' },
  { from: 'stage', on: 'ended cancelled', when: 'untouched', to: 'done' },
  { from: 'stage', on: 'go expand', when: 'voted', to: 'expand' },

  { from: 'expand', on: 'effect.succeeded', when: 'confirmedToActivate', to: 'activate' },
  { from: 'expand', on: 'effect.succeeded', when: 'confirmedToContract', to: 'soak' },
  { from: 'expand', on: 'host.decommissioned', when: 'confirmedToActivate', to: 'activate' },
  { from: 'expand', on: 'host.decommissioned', when: 'confirmedToContract', to: 'soak' },
  { from: 'expand', on: 'host.decommissioned', to: 'expand' },
  ...stays('expand', ...WORK, ...WISHES, 'deadlines.renewed'),
  { from: 'expand', on: 'abort.requested', when: 'undecided', to: 'expand' },
  { from: 'expand', on: 'go expand', when: 'undecided', to: 'expand' },
  { from: 'expand', on: 'keep expand', when: 'proven', to: 'expand' },
  { from: 'expand', on: 'revert expand', when: 'undecided', to: 'expand' },
  { from: 'expand', on: 'ended reverted', when: 'returned', to: 'done' },
  { from: 'expand', on: 'ended succeeded', when: 'confirmedForGood', to: 'done' },

  { from: 'activate', on: 'effect.succeeded', when: 'activated', to: 'soak' },
  ...stays('activate', 'host.decommissioned', ...WORK, ...WISHES),
  { from: 'activate', on: 'activate', when: 'confirmed', to: 'activate' },
  ...refreshes('activate'),

  ...stays('soak', 'host.decommissioned', 'gate.overridden', ...WORK, ...WISHES),
  { from: 'soak', on: 'contract.approved', when: 'awaitingApproval', to: 'soak' },
  ...refreshes('soak'),
  { from: 'soak', on: 'refuse contract', to: 'soak' },
  { from: 'soak', on: 'contract', when: 'votedToContract', to: 'contract' },

  { from: 'contract', on: 'effect.succeeded', when: 'returnedToOverlap', to: 'soak' },
  { from: 'contract', on: 'host.decommissioned', when: 'returnedToOverlap', to: 'soak' },
  { from: 'contract', on: 'host.decommissioned', to: 'contract' },
  ...stays('contract', ...WORK, ...WISHES, 'deadlines.renewed'),
  { from: 'contract', on: 'refuse contract', when: 'unswitchedToContract', to: 'soak' },
  { from: 'contract', on: 'go contract', when: 'mayReturn', to: 'contract' },
  { from: 'contract', on: 'keep contract', when: 'provenToContract', to: 'contract' },
  { from: 'contract', on: 'revert contract', when: 'mayReturn', to: 'contract' },
  { from: 'contract', on: 'ended succeeded', when: 'contracted', to: 'done' },
];

/** Rows for a signal in a phase, in order; none when it is illegal there. */
export function rowsFor(phase: RotationPhase, signal: Signal): readonly Transition[] {
  return TRANSITIONS.filter(({ from, on }) => from === phase && on === signal);
}

/** The first row whose condition holds, or undefined. */
export function follow(rows: readonly Transition[], state: RotationState): Transition | undefined {
  return rows.find(({ when }) => when === undefined || CONDITIONS[when].holds(state));
}
