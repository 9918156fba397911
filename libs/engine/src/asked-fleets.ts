import { COURSES, type Course } from '#rotation';
import { notSharing, notTogether, sharedCa } from './command-refusals.js';
import type { Fleet, FleetStore } from './ports/fleet-store.js';
import { checkReady, type RotationRequest } from './rotation-request.js';

/** The fleets that a request is about, as they are recorded now: the one that it names first. */
export interface AskedFleets {
  readonly fleet: Fleet;
  readonly others: readonly Fleet[];
  readonly course: Course;
}

/**
 * Throws PortError `fleet.not-found`, `rotation.one-fleet-only`, `ca.shared` and `ca.not-shared` naming the other
 * fleets, `fleet.no-hosts`, `host.no-probe-targets`.
 */
export async function askedFleets(store: FleetStore, request: RotationRequest): Promise<AskedFleets> {
  const fleet = await store.fleet(request.fleetId);
  const course = COURSES[request.strategy ?? 'overlap'];
  const others = await othersOf(store, fleet, request.together ?? [], course);
  for (const one of [fleet, ...others]) checkReady(one);
  return { fleet, others, course };
}

/** An issuing CA switches for all who trust it, so that all of them must be named (I11). */
async function othersOf(
  store: FleetStore,
  fleet: Fleet,
  together: readonly string[],
  { movesCa, oneWay }: Course,
): Promise<readonly Fleet[]> {
  if (together.length > 0 && !movesCa && !oneWay) throw notTogether();
  const sharing = (await store.fleetsOn(fleet.issuingCa.id)).filter(({ id }) => id !== fleet.id);
  const missing = sharing.filter(({ id }) => !together.includes(id));
  if (movesCa && missing.length > 0) throw sharedCa(fleet, missing);
  const named = [...new Set(together)].filter((id) => id !== fleet.id);
  const stranger = named.find((id) => !sharing.some((one) => one.id === id));
  if (stranger !== undefined) throw notSharing(fleet, await store.fleet(stranger));
  return Promise.all(named.map((id) => store.fleet(id)));
}
