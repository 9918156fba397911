import { awaitsApproval } from './approval.js';
import { CONDITIONS } from './conditions.js';
import { planActivation } from './plan-activation.js';
import { awaitGate } from './plan-gate.js';
import { planPreflight } from './plan-preflight.js';
import { keepCrls } from './plan-refresh.js';
import { planTransition } from './plan-transition.js';
import type { RotationState } from './state.js';
import { isHeld } from './status.js';
import type { Action } from './steps.js';
import type { Reason } from './vocabulary.js';

/**
 * What to do next, from the state alone. The runner appends each decision and each intent before it acts on
 * it (I4, I6), then asks again. An empty plan means: wait for what runs, or for a person.
 *
 * The whole life of a rotation reads from top to bottom:
 */
export function plan(state: RotationState, now: number): readonly Action[] {
  if (state.ended) return [];
  if (isHeld(state)) return keepCrls(state, now).actions;
  switch (state.phase) {
    case 'preflight':
      return planPreflight(state, now);
    case 'stage':
    case 'expand':
      return planTransition(state, now, 'expand');
    case 'activate':
      return besideUpkeep(state, now, planActivation);
    case 'soak':
      return besideUpkeep(state, now, planSoak);
    case 'contract':
      return planTransition(state, now, 'contract');
    case 'done':
      return [];
  }
}

/** What hosts have to have now comes before what comes next. */
function besideUpkeep(state: RotationState, now: number, next: typeof plan): readonly Action[] {
  const { first, actions } = keepCrls(state, now);
  return first ? actions : [...actions, ...next(state, now)];
}

/** A contract that failed came back here: a person decides when it is tried again. */
function planSoak(state: RotationState, now: number): readonly Action[] {
  if (CONDITIONS.returnedToOverlap.holds(state)) return [{ kind: 'pause', reason: failedContract(state) }];
  const opens = Date.parse(state.phaseSince) + state.snapshot.soakSeconds * 1000;
  if (now < opens) return [{ kind: 'wait', until: opens }];
  const gate = awaitGate(state, now);
  if (gate.kind === 'busy') return gate.actions;
  return awaitsApproval(state) ? [] : planTransition(state, now, 'contract');
}

function failedContract(state: RotationState): Reason {
  const why = state.decisions.get(`outcome/contract.${state.attempt.contract}`)?.because ?? '';
  return {
    code: 'rotation.contract-failed',
    message: `The old CA could not be dropped everywhere, so every host trusts both CAs again: ${why}`,
    nextStep: 'Mend what is named, then resume the rotation; no client is refused meanwhile.',
  };
}
