import { nextCron } from './cron.js';
import type { Timetable } from './timetable.js';
import { lengthOf, openings } from './windows.js';

const WEEK_MS = 7 * 86_400_000;
/** A year, and a week for patterns that name one day of it. */
const WEEKS = 53;
/** Ticks whose distances are measured. */
const TICKS = 10;

export interface Contradiction {
  readonly field: 'cron' | 'windows' | 'jitterSeconds';
  readonly detail: string;
}

/** What of a timetable contradicts what, found before it is recorded. Pattern and zone are known to be valid. */
export function contradictions(timetable: Timetable, now: number): readonly Contradiction[] {
  const { windows, jitterSeconds } = timetable;
  if (windows.some((window) => lengthOf(window) === 0)) return [];
  const shortest = Math.min(...windows.map(lengthOf));
  const found: Contradiction[] = [];
  if (jitterSeconds * 1_000 > shortest)
    found.push({
      field: 'jitterSeconds',
      detail: `must not be longer than the shortest window, which has ${shortest / 1_000} s`,
    });
  const distance = shortestDistance(timetable, now);
  if (jitterSeconds > 0 && jitterSeconds * 1_000 >= distance)
    found.push({
      field: 'jitterSeconds',
      detail: `must be shorter than the time between two ticks, which is ${distance / 1_000} s`,
    });
  if (windows.length > 0 && !meets(timetable, now))
    found.push({
      field: 'windows',
      detail: 'must meet the cron pattern: within a year no tick falls into any of them',
    });
  return found;
}

function shortestDistance({ cron, timeZone }: Timetable, now: number): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let count = 0, at = nextCron(cron, timeZone, now); at !== null && count < TICKS; count += 1) {
    const next = nextCron(cron, timeZone, at);
    if (next !== null) shortest = Math.min(shortest, next - at);
    at = next;
  }
  return shortest;
}

function meets({ cron, timeZone, windows }: Timetable, now: number): boolean {
  for (let week = 0; week < WEEKS; week += 1) {
    const from = now + week * WEEK_MS;
    const tick = nextCron(cron, timeZone, from - 1);
    if (tick === null) return false;
    if (tick >= from + WEEK_MS) continue;
    const spans = openings(windows, timeZone, { from, until: from + WEEK_MS });
    if (spans.some((span) => (nextCron(cron, timeZone, span.from - 1) ?? Infinity) < span.until)) return true;
  }
  return false;
}
