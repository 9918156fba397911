import type { CrlEnd, EffectResults, RenewedGeneration } from './effects.js';
import { perSnapshot } from './per-snapshot.js';
import { keptOverlaps, renewedBefore, renewedEnd, renewedNow, triedOverlaps } from './refresh.js';
import { type RotationState, resultOf } from './state.js';
import type { FleetSnapshot, GenerationRef, RotationSnapshot } from './vocabulary.js';

/** Every fleet of the rotation, the one that was asked for first. */
export const fleetsOf = perSnapshot((snapshot): readonly FleetSnapshot[] => {
  const { fleetId, fleetName, old, otherFleets, waves } = snapshot;
  const elsewhere = new Set(otherFleets.flatMap(({ hostIds }) => hostIds));
  const hostIds = waves.flat().filter((host) => !elsewhere.has(host));
  return [{ fleetId, fleetName, old, hostIds }, ...otherFleets];
});

const fleetsByHost = perSnapshot(
  (snapshot): ReadonlyMap<string, FleetSnapshot> =>
    new Map(fleetsOf(snapshot).flatMap((fleet) => fleet.hostIds.map((host) => [host, fleet] as const))),
);

/** The fleet of a host. Throws for a host that is not in the snapshot: a defect. */
export function fleetOfHost(snapshot: RotationSnapshot, hostId: string): FleetSnapshot {
  const fleet = fleetsByHost(snapshot).get(hostId);
  if (fleet) return fleet;
  throw new Error(`host ${hostId} is not part of rotation ${snapshot.rotationId}`);
}

export interface BuiltGenerations {
  readonly overlap: GenerationRef;
  readonly next: GenerationRef;
  /** What changes for clients, in words. */
  readonly trustDiff: string;
  /** The CRL of the overlap that ends first, as it was built; missing where there is none. */
  readonly crlEnds?: CrlEnd;
}

/** What was built for the fleet, or null before that; the overlap and the new-only generation with the CRLs they have by now. */
export function generationsFor(state: RotationState, fleetId: string): BuiltGenerations | null {
  const built = builtAtFirst(state, fleetId);
  if (built === null) return null;
  const { overlap } = keptOverlaps(state, fleetId)[0] ?? built;
  const { next } = renewedFor(state, fleetId) ?? built;
  return overlap === built.overlap && next === built.next ? built : { ...built, overlap, next };
}

/** Both sides of a refresh that is under way; the same where the fleet keeps its CRLs. Null before anything was built. */
export function refreshSides(
  state: RotationState,
  fleetId: string,
): { readonly near: GenerationRef; readonly far: GenerationRef } | null {
  const built = builtAtFirst(state, fleetId);
  if (built === null) return null;
  const { overlap: near } = renewedBefore(state, fleetId) ?? built;
  return { near, far: renewedNow(state, fleetId)?.overlap ?? near };
}

/**
 * Every overlap that a host of the fleet may have served in this rotation, in a try that was not kept too; the one that
 * was built is the last.
 */
export function overlapsOf(state: RotationState, fleetId: string): readonly GenerationRef[] {
  const built = builtAtFirst(state, fleetId);
  const tried = triedOverlaps(state, fleetId).map(({ overlap }) => overlap);
  return built === null ? tried : [...tried, built.overlap];
}

/** What the contract of now brings the fleet in place of what was built; null where that stays. */
export function renewedFor(state: RotationState, fleetId: string): RenewedGeneration | null {
  const check = state.effects.get(`contract.${state.attempt.contract}/ca.check-retired`);
  if (check?.status !== 'done') return null;
  const { renewed = [] } = check.result as EffectResults['ca.check-retired'];
  return renewed.find((one) => one.fleetId === fleetId) ?? null;
}

function builtAtFirst(state: RotationState, fleetId: string): BuiltGenerations | null {
  const built = resultOf(state, 'generations.build');
  if (!built || fleetId === state.snapshot.fleetId) return built;
  return built.otherFleets?.find((other) => other.fleetId === fleetId) ?? null;
}

/** The CRL of the overlap that ends first on any host; null where the fleets check no revocation. */
export function firstCrlToEnd(state: RotationState): CrlEnd | null {
  const all = fleetsOf(state.snapshot).flatMap(({ fleetId }) => {
    return renewedEnd(state, fleetId) ?? builtAtFirst(state, fleetId)?.crlEnds ?? [];
  });
  return all.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))[0] ?? null;
}
