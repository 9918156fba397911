import { type Effect, fleetEffect, hostEffect } from './effects.js';
import { stepOn } from './host-steps.js';
import { decideToDistrust } from './plan-distrust.js';
import { activeHosts, isRefused, type RotationState } from './state.js';
import { type Action, advance } from './steps.js';
import { courseOf } from './strategy.js';
import type { Reason } from './vocabulary.js';

/**
 * Looks at everything before anything is changed. Hosts and mount are read first, so that the usual refusals
 * leave the CA untouched as well; the new issuer comes last, because the bundles need its certificate.
 */
export function planPreflight(state: RotationState, now: number): readonly Action[] {
  if (isRefused(state, 'expand.1')) return refuse(state, now);
  const progress = state.abort ? aborted(state) : advance(state, now, preparations(state), 'careful');
  if (progress.kind === 'busy') return progress.actions;
  if (progress.kind === 'failed') return [decideToRefuse(progress.reason)];
  return courseOf(state).oneWay ? [decideToDistrust(state)] : [];
}

/** What has to be known and made before a host is touched. */
function preparations(state: RotationState): readonly (readonly Effect[])[] {
  const { strategy } = state.snapshot;
  const inspect = activeHosts(state).map(stepOn(state.snapshot, 'expand', 1, 'host.inspect'));
  const build = fleetEffect('generations.build');
  const lookAtAll = [fleetEffect('ca.survey'), ...inspect];
  const judge = [fleetEffect('samples.verify')];
  switch (strategy) {
    case 'overlap':
      return [lookAtAll, [fleetEffect('ca.prepare')], [build, fleetEffect('ca.old-leaf')], judge];
    case 'rehearse':
      return [lookAtAll, [fleetEffect('canary.mint')], [build, fleetEffect('ca.old-leaf')], judge];
    case 'replace':
      return [lookAtAll, [build, fleetEffect('ca.old-leaf')], judge];
    // The CA may be away: its CRL may have been handed in by a person.
    case 'refresh':
      return [inspect, [build, fleetEffect('ca.witness')], judge];
    // The CA may be away: what the fleet is recorded to serve needs nothing of it.
    case 'sync':
      return [[...inspect, fleetEffect('ca.witness')], [build]];
    // Hosts are looked at when they are changed: one that is away must not keep the others from it.
    case 'distrust':
      return [[build, fleetEffect('ca.witness')]];
  }
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

function isAnythingRunning({ tally }: RotationState): boolean {
  return tally.running.size > 0;
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
