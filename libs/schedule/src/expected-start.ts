import { type DueRule, dueAt, type Validity } from './due.js';
import { nextTick, openingTick, type Timetable } from './timetable.js';
import { windowAt } from './windows.js';

/** Ticks that are looked through for one in a window: a hundred days of daily ones. */
const MOST_TICKS = 100;

/** What a schedule that rotates goes by. Times in milliseconds since the Unix epoch. */
export interface Expecting {
  readonly id: string;
  readonly timetable: Timetable;
  readonly rule: DueRule;
  /** As it is planned; null: to be worked out. */
  readonly nextTickAt: number | null;
  /** Of the CA that is to be replaced. */
  readonly validity: Validity;
}

/**
 * When a schedule is expected to start a rotation, if the CA stays as it is and nothing holds it: the first tick at
 * which the CA is due, or the opening of the next window behind it. In the past where that tick is overdue; null where
 * no such time is to be seen. With a delay (`jitterSeconds`) it may be the tick before.
 */
export function expectedStart(schedule: Expecting, now: number): number | null {
  const { rule, validity } = schedule;
  const first = schedule.nextTickAt ?? nextTick(schedule.id, schedule.timetable, now);
  const due = dueAt(rule, validity);
  if (due === null) return firstInWindow(schedule, first);
  const tick = first !== null && first < due ? nextTick(schedule.id, schedule.timetable, due - 1) : first;
  if (tick === null || isOpen(schedule.timetable, tick)) return tick;
  return openingTick(schedule.id, schedule.timetable, tick);
}

/** What comes with each tick is left out by those outside of every window. */
function firstInWindow({ id, timetable }: Expecting, first: number | null): number | null {
  let tick = first;
  for (let looked = 0; tick !== null && looked < MOST_TICKS; looked += 1) {
    if (isOpen(timetable, tick)) return tick;
    tick = nextTick(id, timetable, tick);
  }
  return null;
}

function isOpen({ windows, timeZone }: Timetable, at: number): boolean {
  return windowAt(windows, timeZone, at) !== null;
}
