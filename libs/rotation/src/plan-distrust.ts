import { fleetEffect, hostEffect } from './effects.js';
import type { Decision } from './events.js';
import { activeHosts, type RotationState } from './state.js';
import { type Action, advanceChains, type Progress } from './steps.js';

/** The decision that nobody comes back from, before anything is switched (I12). */
export function decideToDistrust(state: RotationState): Action {
  const decided = state.decisions.has('contract.1');
  const decision: Decision = decided
    ? { kind: 'keep', transition: 'contract', attempt: 1 }
    : { kind: 'contract', attempt: 1 };
  return { kind: 'decide', decision, because: state.snapshot.reason, notAfter: null };
}

/**
 * A distrusted anchor goes from every host that can be reached, whatever the others do, and the CA is told beside them.
 * A host that cannot be reached is waited for by name.
 */
export function advanceDistrust(state: RotationState, now: number): Progress {
  const hosts = activeHosts(state).map((host) => [
    hostEffect('expand', 1, 'host.inspect', host),
    hostEffect('contract', 1, 'host.confirm', host),
  ]);
  return advanceChains(state, now, [[fleetEffect('ca.stop-issuing')], ...hosts], 'insist');
}
