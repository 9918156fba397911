import { fleetEffect, type HostEffect, hostEffect } from './effects.js';
import type { RotationState } from './state.js';
import { advance, type Progress } from './steps.js';
import type { TransitionName } from './vocabulary.js';

/**
 * A soak is long: somebody may have let the old CA issue again, and then its clients must not be shut out (I8).
 * While the CA does not answer nobody knows, and nothing is dropped. Where the CA stayed as it is, nothing was retired:
 * only CRLs that ended since are made anew, as a contract may be resumed days later.
 */
export function checkRetired(state: RotationState, now: number, attempt: number): Progress {
  return advance(state, now, [[fleetEffect('ca.check-retired', `contract.${attempt}`)]], 'patient');
}

/** A host may have been restored from a backup that knows nothing of the overlap. */
export function reconciles(
  { name, attempt }: { readonly name: TransitionName; readonly attempt: number },
  hosts: readonly string[],
): HostEffect[] {
  return hosts.map((host) => ({
    ...hostEffect('expand', 1, 'host.reconcile', host),
    id: `${name}.${attempt}/host.reconcile/${host}`,
  }));
}
