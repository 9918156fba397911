import type { Sorting } from '../elements/sort-header.js';
import type { Fleet } from './all-fleets.js';
import { daysUntil } from './expiry.js';

export type GlanceColumn = 'concern' | 'name' | 'expiry' | 'drift' | 'generation' | 'next' | 'hosts';

/** What a fleet is ordered by, so far as this page knows it. */
type Seen = Pick<
  Fleet,
  'name' | 'expiresAt' | 'drift' | 'nextRotation' | 'rotation' | 'hostCount' | 'generation'
>;

/** From what must be looked at now down to what is fine. */
export function concernOf({ expiresAt, drift, rotation }: Seen, now: number): number {
  const days = expiresAt === null ? null : daysUntil(expiresAt, now);
  if (rotation?.status === 'blocked') return 0;
  if (days !== null && days < 0) return 1;
  if (days !== null && days < 7) return 2;
  if (drift.state === 'drifted') return 3;
  if (rotation?.status === 'paused') return 4;
  if (days !== null && days < 30) return 5;
  if (drift.state === 'unknown') return 6;
  return rotation === null ? 8 : 7;
}

const LAST = Number.POSITIVE_INFINITY;
const time = (at: string | undefined | null) => (at ? Date.parse(at) : LAST);

/** Smaller comes first, except under `descending`. Equal ones follow by expiry, then by name. */
export function sortFleets<F extends Seen>(
  fleets: readonly F[],
  { by, descending }: Sorting<GlanceColumn>,
  now: number,
): F[] {
  const direction = descending ? -1 : 1;
  return [...fleets].sort(
    (a, b) =>
      direction * compared(a, b, by, now) ||
      difference(time(a.expiresAt), time(b.expiresAt)) ||
      a.name.localeCompare(b.name),
  );
}

function compared(a: Seen, b: Seen, by: GlanceColumn, now: number): number {
  if (by === 'name') return a.name.localeCompare(b.name);
  const value = (fleet: Seen): number => {
    if (by === 'concern') return concernOf(fleet, now);
    if (by === 'expiry') return time(fleet.expiresAt);
    if (by === 'drift') return -(fleet.drift.drifted * 1_000_000 + fleet.drift.unknown);
    if (by === 'generation') return fleet.generation.number;
    return by === 'next' ? time(fleet.nextRotation?.at) : fleet.hostCount;
  };
  return difference(value(a), value(b));
}

/** Infinity less infinity would be no number. */
function difference(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** By name, and by the subjects of the anchors. */
export function matches({ name, anchors }: Pick<Fleet, 'name' | 'anchors'>, sought: string): boolean {
  const words = sought.trim().toLowerCase();
  return [name, ...anchors.map(({ subject }) => subject)].some((text) => text.toLowerCase().includes(words));
}
