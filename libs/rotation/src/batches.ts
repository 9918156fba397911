import { type Effect, isHostEffect } from './effects.js';
import type { RotationSnapshot, Scope } from './vocabulary.js';

/** Hosts that one worker drives together: at most `batchSize`, all of one wave. The index is the batch's number. */
export function batchesOf(snapshot: RotationSnapshot): readonly (readonly string[])[] {
  const known = BATCHES.get(snapshot);
  if (known) return known;
  const batches = snapshot.waves.flatMap((wave) => chunks(wave, snapshot.batchSize));
  BATCHES.set(snapshot, batches);
  return batches;
}

/** Snapshots never change, and every look at a plan asks again. */
const BATCHES = new WeakMap<RotationSnapshot, readonly (readonly string[])[]>();
const SCOPES = new WeakMap<RotationSnapshot, ReadonlyMap<string, Scope>>();

export function batchScope(batch: number): Scope {
  return `batch/${batch}`;
}

/** Hosts of a batch scope; none for the coordinator. */
export function hostsOf(snapshot: RotationSnapshot, scope: Scope): readonly string[] {
  return scope === 'coordinator' ? [] : (batchesOf(snapshot)[Number(scope.slice('batch/'.length))] ?? []);
}

/** Who may perform the effect. */
export function scopeOf(snapshot: RotationSnapshot, effect: Effect): Scope {
  return isHostEffect(effect) ? hostScope(snapshot, effect.hostId) : 'coordinator';
}

/** The batch of a host. Throws for a host that is not in the snapshot: a defect. */
export function hostScope(snapshot: RotationSnapshot, hostId: string): Scope {
  const scopes = SCOPES.get(snapshot) ?? scopesOf(snapshot);
  SCOPES.set(snapshot, scopes);
  const scope = scopes.get(hostId);
  if (scope) return scope;
  throw new Error(`host ${hostId} is not part of rotation ${snapshot.rotationId}`);
}

function scopesOf(snapshot: RotationSnapshot): ReadonlyMap<string, Scope> {
  return new Map(
    batchesOf(snapshot).flatMap((hosts, batch) => hosts.map((host) => [host, batchScope(batch)] as const)),
  );
}

function chunks(hosts: readonly string[], size: number): readonly string[][] {
  const count = Math.ceil(hosts.length / size);
  return Array.from({ length: count }, (_, index) => hosts.slice(index * size, (index + 1) * size));
}
