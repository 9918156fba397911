import { type Expecting, expectedStart } from '#schedule';

/** Schedules that are remembered, each until its next tick. */
const REMEMBERED = 2_000;
const RECENT = new Map<string, number | null>();

/**
 * As `expectedStart`. A timetable takes milliseconds to read, and a list of fleets asks for many of them again and
 * again, so what was worked out for a schedule as it is planned is kept: it depends on nothing else.
 */
export function rememberedStart(schedule: Expecting, now: number): number | null {
  if (schedule.nextTickAt === null) return expectedStart(schedule, now);
  const key = JSON.stringify(schedule);
  const known = RECENT.get(key);
  const start = known === undefined ? expectedStart(schedule, now) : known;
  RECENT.delete(key);
  RECENT.set(key, start);
  for (const oldest of RECENT.keys()) {
    if (RECENT.size <= REMEMBERED) break;
    RECENT.delete(oldest);
  }
  return start;
}
