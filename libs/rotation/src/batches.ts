import { type Effect, isHostEffect } from './effects.js';
import { perSnapshot } from './per-snapshot.js';
import type { RotationSnapshot, Scope } from './vocabulary.js';

/** Hosts that one worker drives together: at most `batchSize`, all of one wave. The index is the batch's number. */
export const batchesOf = perSnapshot(({ waves, batchSize }) =>
  waves.flatMap((wave) => chunks(wave, batchSize)),
);

const scopesOf = perSnapshot(
  (snapshot): ReadonlyMap<string, Scope> =>
    new Map(
      batchesOf(snapshot).flatMap((hosts, batch) => hosts.map((host) => [host, batchScope(batch)] as const)),
    ),
);

export function batchScope(batch: number): Scope {
  return `batch/${batch}`;
}

/** Hosts of a batch scope; none for the coordinator. */
export function hostsOf(snapshot: RotationSnapshot, scope: Scope): readonly string[] {
  return scope === 'coordinator' ? [] : (batchesOf(snapshot)[batchOf(scope)] ?? []);
}

/** The number of the batch whose scope it is. */
export function batchOf(scope: Scope): number {
  return Number(scope.slice('batch/'.length));
}

/** Who may perform the effect. */
export function scopeOf(snapshot: RotationSnapshot, effect: Effect): Scope {
  return isHostEffect(effect) ? hostScope(snapshot, effect.hostId) : 'coordinator';
}

/** The batch of a host. Throws for a host that is not in the snapshot: a defect. */
export function hostScope(snapshot: RotationSnapshot, hostId: string): Scope {
  const scope = scopesOf(snapshot).get(hostId);
  if (scope) return scope;
  throw new Error(`host ${hostId} is not part of rotation ${snapshot.rotationId}`);
}

/** Hosts in their order, so many together at most. */
export function chunks(hosts: readonly string[], size: number): string[][] {
  const count = Math.ceil(hosts.length / size);
  return Array.from({ length: count }, (_, index) => hosts.slice(index * size, (index + 1) * size));
}
