import type { Effect, FleetEffectKind, HostEffect, HostEffectKind } from './effects.js';
import { activeHosts, isRefused, type RotationState } from './state.js';
import { type Action, advance } from './steps.js';
import type { Reason, TransitionName } from './vocabulary.js';

/**
 * Looks at everything before anything is changed. Hosts and mount are read first, so that the usual refusals
 * leave the CA untouched as well; the new issuer comes last, because the bundles need its certificate.
 */
export function planPreflight(state: RotationState, now: number): readonly Action[] {
  if (isRefused(state, 'expand.1')) return refuse(state, now);
  const hosts = activeHosts(state);
  const progress = state.abort
    ? aborted(state)
    : advance(
        state,
        now,
        [
          [fleetEffect('ca.survey'), ...hosts.map((host) => hostEffect('expand', 1, 'host.inspect', host))],
          [fleetEffect('ca.prepare')],
          [fleetEffect('generations.build'), fleetEffect('ca.old-leaf')],
          [fleetEffect('samples.verify')],
        ],
        'careful',
      );
  if (progress.kind === 'busy') return progress.actions;
  return progress.kind === 'done' ? [] : [decideToRefuse(progress.reason)];
}

/** An abort counts as a failure once nothing is running. */
export function aborted(
  state: RotationState,
): { kind: 'busy'; actions: [] } | { kind: 'failed'; reason: Reason } {
  if (isAnythingRunning(state)) return { kind: 'busy', actions: [] };
  return {
    kind: 'failed',
    reason: {
      code: 'rotation.aborted',
      message: `Aborted by ${state.abort?.by ?? 'somebody'}: ${state.abort?.because ?? ''}`,
      nextStep: 'Start a new rotation when ready.',
    },
  };
}

function isAnythingRunning({ effects }: RotationState): boolean {
  return [...effects.values()].some(({ status }) => status === 'running');
}

/** The undo is decided before it begins, so that a host that comes back, or is given up, does not turn it around. */
function decideToRefuse({ message }: Reason): Action {
  const decision = { kind: 'refuse', transition: 'expand', attempt: 1 } as const;
  return { kind: 'decide', decision, because: message, notAfter: null };
}

/** Ends without a host having been switched: staged files are dropped, the new issuer is withdrawn. */
export function refuse(state: RotationState, now: number): readonly Action[] {
  const staged = activeHosts(state).filter((host) => state.effects.has(`expand.1/host.stage/${host}`));
  const undo: Effect[] = staged.map((host) => hostEffect('expand', 1, 'host.discard', host));
  if (state.effects.has('ca.prepare')) undo.push(fleetEffect('ca.withdraw'));
  const progress = advance(state, now, [undo], 'insist');
  if (progress.kind === 'busy') return progress.actions;
  // What still runs on a host that was given up meanwhile is waited for as well.
  if (isAnythingRunning(state)) return [];
  const because = state.decisions.get('outcome/expand.1')?.because ?? '';
  return [{ kind: 'end', status: state.abort ? 'cancelled' : 'refused', because }];
}

export function fleetEffect(kind: FleetEffectKind, scope?: string): Effect {
  return { id: scope ? `${scope}/${kind}` : kind, kind };
}

export function hostEffect(
  transition: TransitionName,
  attempt: number,
  kind: HostEffectKind,
  hostId: string,
): HostEffect {
  return { id: `${transition}.${attempt}/${kind}/${hostId}`, kind, hostId, transition };
}
