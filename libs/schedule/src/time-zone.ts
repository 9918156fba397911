import { DateTime, IANAZone } from 'luxon';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** No zone ever changed its clocks twice within it. */
const STRIDE_MS = 6 * HOUR_MS;

/** Time during which the clocks of a zone stand by one offset from UTC. All in milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
  /** What is added to UTC to have the time on the wall. */
  readonly offset: number;
}

/** A name of the IANA database. Offsets such as `+02:00` are none: they know no daylight saving time. */
export function isTimeZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name);
}

/** The time from `from` to `until`, cut wherever the clocks of the zone are changed. */
export function stretchesOf(timeZone: string, from: number, until: number): readonly Stretch[] {
  const zone = IANAZone.create(timeZone);
  const offsetAt = (at: number) => zone.offset(at) * MINUTE_MS;
  const stretches: Stretch[] = [];
  for (let start = from, offset = offsetAt(from), seen = from; start < until; ) {
    const next = Math.min(seen + STRIDE_MS, until);
    const changes = offsetAt(next) !== offset;
    const end = changes ? changeBetween(offsetAt, seen, next) : next;
    if (changes || next === until) {
      stretches.push({ from: start, until: end, offset });
      start = end;
      offset = offsetAt(end);
    }
    seen = end;
  }
  return stretches;
}

/** The first moment of the offset that `until` has. */
function changeBetween(offsetAt: (at: number) => number, from: number, until: number): number {
  let [before, behind] = [from, until];
  while (behind - before > 1) {
    const middle = Math.floor((before + behind) / 2);
    if (offsetAt(middle) === offsetAt(from)) before = middle;
    else behind = middle;
  }
  return behind;
}

/** Such as `2026-03-29T03:00:00+02:00`: what the wall says there, and by the offset what it is in UTC. */
export function onTheWall(timeZone: string, at: number): string {
  const local = DateTime.fromMillis(Math.floor(at / 1_000) * 1_000, { zone: timeZone });
  return local.toISO({ suppressMilliseconds: true }) ?? new Date(at).toISOString();
}
