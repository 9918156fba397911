import type { JournalEntry } from '#engine';
import {
  fleetOfHost,
  fleetsOf,
  generationsFor,
  isHostEffect,
  overlapsOf,
  type RotationState,
} from '#rotation';

/** What the rotation built for the fleet of that host. */
export function builtFor(state: RotationState, hostId: string) {
  return generationsFor(state, fleetOfHost(state.snapshot, hostId).fleetId);
}

/** What a host may serve in the middle of the rotation, beside what is built for its end. */
export function overlapDigests(state: RotationState, fleetId: string): readonly string[] {
  return overlapsOf(state, fleetId).map(({ digest }) => digest);
}

/** What the fleet served when the rotation was asked for. */
export function oldDigest({ snapshot }: RotationState, fleetId: string): string {
  return fleetsOf(snapshot).find((fleet) => fleet.fleetId === fleetId)?.old.digest ?? '';
}

/** A switch is the work of a commit, or of what applies it anew behind `keep`. */
export function isIntended({ effects }: RotationState, hostId: string): boolean {
  const kinds = ['host.commit', 'host.confirm', 'host.reconcile'];
  return [...effects.values()].some(
    ({ effect }) => isHostEffect(effect) && effect.hostId === hostId && kinds.includes(effect.kind),
  );
}

/** Whether that person approved of what was built last. */
export function isApprovedSinceBuilt(
  journal: readonly Pick<JournalEntry, 'event'>[],
  person: string,
): boolean {
  const built = journal.findLastIndex(
    ({ event }) => event.type === 'effect.succeeded' && event.effectId === 'generations.build',
  );
  const approved = journal.findLastIndex(
    ({ event }) => event.type === 'contract.approved' && event.by === person,
  );
  return approved > built;
}
