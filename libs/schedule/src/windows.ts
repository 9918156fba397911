import { stretchesOf } from './time-zone.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** In the order of the calendar that begins with the day before 1970-01-05, a Monday. */
export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
/** 1970-01-01 was a Thursday. */
const DAY_OF_EPOCH = 4;
/** A weekly window that falls into the hour which a spring leaves out comes again a week later. */
const HORIZON_MS = 16 * DAY_MS;
const LONGEST_MS = 8 * DAY_MS;

export type Day = (typeof DAYS)[number];

/**
 * Open while the clock on the wall shows a time from `from` (in it) to `to` (out of it), `HH:MM`, on these days.
 * When `to` is not behind `from` it ends on the day after. `24:00` is the end of the day.
 */
export interface MaintenanceWindow {
  readonly days: readonly Day[];
  readonly from: string;
  readonly to: string;
}

/** From the first moment to the one behind the last, in milliseconds since the Unix epoch. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/**
 * When the windows are open between two moments, in order, with no two that touch. An hour that the clocks leave
 * out is in no window; one that they repeat is in it twice.
 */
export function openings(
  windows: readonly MaintenanceWindow[],
  timeZone: string,
  { from, until }: Span,
): readonly Span[] {
  const found = stretchesOf(timeZone, from, until).flatMap((stretch) =>
    windows.flatMap((window) =>
      spansOnTheWall(window, stretch.from + stretch.offset, stretch.until + stretch.offset).map((span) => ({
        from: Math.max(span.from - stretch.offset, stretch.from),
        until: Math.min(span.until - stretch.offset, stretch.until),
      })),
    ),
  );
  return merged(found.filter((span) => span.from < span.until));
}

/** The window that is open at `now`, else the next one; null when there is none for two weeks. */
export function nextWindow(
  windows: readonly MaintenanceWindow[],
  timeZone: string,
  now: number,
): Span | null {
  const around = { from: now - LONGEST_MS, until: now + HORIZON_MS };
  return openings(windows, timeZone, around).find(({ until }) => until > now) ?? null;
}

/** The window that `at` is in. Without any window it is always open, and the answer is {@link ALWAYS}. */
export function windowAt(windows: readonly MaintenanceWindow[], timeZone: string, at: number): Span | null {
  if (windows.length === 0) return ALWAYS;
  const next = nextWindow(windows, timeZone, at);
  return next !== null && next.from <= at ? next : null;
}

export const ALWAYS: Span = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };

/** How long it is open on a day whose clocks are not changed; 0 for one that has no length. */
export function lengthOf(window: MaintenanceWindow): number {
  const [from, to] = [timeOfDay(window.from), timeOfDay(window.to)];
  if (from === to) return 0;
  return to > from ? to - from : to + DAY_MS - from;
}

function spansOnTheWall(window: MaintenanceWindow, from: number, until: number): readonly Span[] {
  const spans: Span[] = [];
  const first = Math.floor(from / DAY_MS) - 1;
  for (let day = first; day * DAY_MS < until; day += 1) {
    const name = DAYS[(((day + DAY_OF_EPOCH) % 7) + 7) % 7];
    if (name === undefined || !window.days.includes(name)) continue;
    const start = day * DAY_MS + timeOfDay(window.from);
    spans.push({ from: start, until: start + lengthOf(window) });
  }
  return spans;
}

function timeOfDay(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
}

function merged(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last === undefined || span.from > last.until) result.push(span);
    else result[result.length - 1] = { from: last.from, until: Math.max(last.until, span.until) };
  }
  return result;
}
