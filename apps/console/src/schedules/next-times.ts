import { isCron, nextCron, windowAt } from '#schedule';
import type { ScheduleDraft } from './schedule-draft.js';

/** A time at which a schedule would look. */
export interface NextTime {
  readonly at: number;
  /** Whether it may start something then. */
  readonly open: boolean;
}

type Timetable = Pick<ScheduleDraft, 'cron' | 'timeZone'> & {
  readonly windows: readonly Omit<ScheduleDraft['windows'][number], 'row'>[];
};

/** The next times of a pattern, as the workers reckon them; without the delay. Empty for one that names none. */
export function nextTimes({ cron, timeZone, windows }: Timetable, now: number, count: number): NextTime[] {
  if (!isCron(cron.trim())) return [];
  const times: NextTime[] = [];
  let after = now;
  while (times.length < count) {
    const at = nextCron(cron.trim(), timeZone, after);
    if (at === null) break;
    times.push({ at, open: windows.length === 0 || windowAt(windows, timeZone, at) !== null });
    after = at;
  }
  return times;
}
