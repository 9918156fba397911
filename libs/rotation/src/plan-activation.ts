import { fleetEffect, hostEffect } from './effects.js';
import { activeHosts, type RotationState, resultOf } from './state.js';
import { type Action, advance } from './steps.js';

/**
 * The PKI follows the fleet: only now may the new CA issue, and only after its first leaf was accepted by
 * every host does the default switch, and do the roles that named the old one (I7, I11). A failure puts the CA back and
 * leaves the fleet on OVERLAP.
 */
export function planActivation(state: RotationState, now: number): readonly Action[] {
  const attempt = state.attempt.activate;
  const scope = `activate.${attempt}`;
  if (!state.decisions.has(scope)) {
    const because = 'every host serves the overlap generation and confirmed it';
    return [{ kind: 'decide', decision: { kind: 'activate', attempt }, because, notAfter: null }];
  }
  const onHosts = (kind: 'host.canary' | 'host.reconcile') =>
    activeHosts(state).map((host) => ({
      ...hostEffect('expand', 1, kind, host),
      id: `${scope}/${kind}/${host}`,
    }));
  const pinned = resultOf(state, 'ca.survey')?.pinnedRoles ?? [];
  const progress = advance(
    state,
    now,
    [
      attempt > 1 ? onHosts('host.reconcile') : [],
      [fleetEffect('ca.allow-new', scope)],
      [fleetEffect('ca.new-leaf', scope)],
      onHosts('host.canary'),
      [fleetEffect('ca.switch-default', scope)],
      pinned.length > 0 ? [fleetEffect('ca.move-roles', scope)] : [],
      [fleetEffect('ca.verify-default', scope)],
      [fleetEffect('ca.restrict-old', scope)],
    ],
    'careful',
  );
  if (progress.kind === 'busy') return progress.actions;
  if (progress.kind === 'done') return [];
  const undo = advance(state, now, [[fleetEffect('ca.fall-back', scope)]], 'insist');
  return undo.kind === 'busy' ? undo.actions : [{ kind: 'pause', reason: progress.reason }];
}
