import {
  fleetOfHost,
  generationsFor,
  type HostView,
  hostViews,
  isRefreshing,
  type RotationState,
} from '#rotation';
import type { ObservedOn } from './ports/journal.js';

/** Proven by what they serve, and no timer is armed that would change it. */
const SETTLED: readonly HostView['step'][] = ['confirmed', 'reverted'];

/**
 * The hosts that are known to serve a generation once the rotation has left a phase, or ended a refresh. In the middle
 * of a switch nobody is.
 */
export function newlyObserved(before: RotationState, after: RotationState): readonly ObservedOn[] {
  const switched = isRefreshing(before) && !isRefreshing(after);
  if (after.phase === before.phase && !switched) return [];
  return hostViews(after).flatMap((host) => {
    const generationId = SETTLED.includes(host.step) ? generationOf(after, host) : null;
    return generationId === null ? [] : [{ hostId: host.hostId, generationId, at: host.since }];
  });
}

function generationOf(state: RotationState, { hostId, serving }: HostView): string | null {
  const { fleetId, old } = fleetOfHost(state.snapshot, hostId);
  const built = generationsFor(state, fleetId);
  if (serving === 'old') return old.id;
  if (serving === 'unknown' || built === null) return null;
  return serving === 'overlap' ? built.overlap.id : built.next.id;
}
