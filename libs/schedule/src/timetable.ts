import { createHash } from 'node:crypto';
import { nextCron } from './cron.js';
import { type MaintenanceWindow, nextWindow, windowAt } from './windows.js';

/** When a schedule looks, and when it may start something. */
export interface Timetable {
  readonly cron: string;
  /** IANA name, for the cron pattern and the windows. */
  readonly timeZone: string;
  /** Empty: at any time. */
  readonly windows: readonly MaintenanceWindow[];
  /** A tick comes up to so many seconds late, so that many schedules of one pattern do not come at once. */
  readonly jitterSeconds: number;
}

/** The tick behind `after`: what cron says, and the schedule's own delay. Null when cron names no time. */
export function nextTick(scheduleId: string, timetable: Timetable, after: number): number | null {
  const base = nextCron(timetable.cron, timetable.timeZone, after);
  return base === null ? null : delayed(scheduleId, timetable, base);
}

/** The tick for which the next window is waited for, with the schedule's own delay; null where none opens. */
export function openingTick(scheduleId: string, timetable: Timetable, now: number): number | null {
  const next = nextWindow(timetable.windows, timetable.timeZone, now);
  return next === null ? null : delayed(scheduleId, timetable, Math.max(next.from, now));
}

/** Made of the schedule and the moment alone, so that no restart throws the dice again; never out of a window. */
function delayed(scheduleId: string, { windows, timeZone, jitterSeconds }: Timetable, base: number): number {
  if (jitterSeconds === 0) return base;
  const open = windowAt(windows, timeZone, base);
  return base + jitterOf(scheduleId, base, Math.min(jitterSeconds * 1_000, (open?.until ?? Infinity) - base));
}

/** At least 0 and less than `most`, both in milliseconds. */
export function jitterOf(scheduleId: string, base: number, most: number): number {
  const digest = createHash('sha256').update(`${scheduleId} ${base}`).digest();
  return Math.floor((digest.readUIntBE(0, 6) / 2 ** 48) * most);
}
