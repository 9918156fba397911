import { type DueRule, dueAt, type Validity } from './due.js';
import { nextTick, openingTick, type Timetable } from './timetable.js';
import { nextWindow, windowAt } from './windows.js';

/** After which a tick that could do nothing comes again, where cron names no earlier time. */
const AGAIN_AFTER_MS = 15 * 60_000;

/** What a tick knows. Times in milliseconds since the Unix epoch. */
export interface TickFacts {
  readonly now: number;
  /** The moment that the tick was for: long ago after a downtime. */
  readonly tickAt: number;
  readonly timetable: Timetable;
  /** The rotation that works on the fleet now. */
  readonly running: string | null;
}

export type TickVerdict =
  | { readonly kind: 'not-due'; readonly dueAt: number }
  | { readonly kind: 'held'; readonly by: string }
  | { readonly kind: 'window-closed'; readonly opensAt: number | null }
  /** The pattern named a time out of every window, and the next one has its own. */
  | { readonly kind: 'out-of-window' }
  | { readonly kind: 'start' };

/** Whether a rotation starts now. */
export function decideRotation(facts: TickFacts, rule: DueRule, validity: Validity): TickVerdict {
  const { now, tickAt, timetable } = facts;
  const due = dueAt(rule, validity);
  if (due !== null && due > now) return { kind: 'not-due', dueAt: due };
  const verdict = decideStart(facts);
  const wasOpen = windowAt(timetable.windows, timetable.timeZone, tickAt) !== null;
  if (verdict.kind === 'window-closed' && rule.kind === 'each-time' && !wasOpen)
    return { kind: 'out-of-window' };
  return verdict;
}

/** Whether what is needed may start now. */
export function decideStart({ now, timetable, running }: TickFacts): TickVerdict {
  if (running !== null) return { kind: 'held', by: running };
  const { windows, timeZone } = timetable;
  if (windowAt(windows, timeZone, now) !== null) return { kind: 'start' };
  return { kind: 'window-closed', opensAt: nextWindow(windows, timeZone, now)?.from ?? null };
}

/** What became of a tick, as far as the next one depends on it. */
export type TickEnd = 'done' | 'again' | 'at-opening';

export function endOf({ kind }: TickVerdict, rule: DueRule | null): TickEnd {
  if (kind === 'window-closed') return 'at-opening';
  // What a pattern alone asks for is left out where a rotation runs; what a CA's age asks for stays due.
  return kind === 'held' && rule?.kind !== 'each-time' ? 'again' : 'done';
}

/** When the schedule ticks next: by cron, or sooner where something waits. Null when cron names no time any more. */
export function tickAfter(
  scheduleId: string,
  timetable: Timetable,
  { now, end }: { readonly now: number; readonly end: TickEnd },
): number | null {
  const regular = nextTick(scheduleId, timetable, now);
  const sooner = end === 'at-opening' ? openingTick(scheduleId, timetable, now) : now + AGAIN_AFTER_MS;
  if (end === 'done' || sooner === null) return regular;
  return regular === null ? sooner : Math.min(regular, sooner);
}

/** Ways in which a rotation may stand or end after which no other one starts by itself. */
const FAILURES = ['reverted', 'refused', 'cancelled', 'paused'];

/** Seen between ticks. A rotation that is blocked is often not so a minute later. */
export const STOPS_BETWEEN_TICKS: readonly string[] = FAILURES;
/** Seen when the next one would start. */
export const STOPS_AT_A_TICK: readonly string[] = [...FAILURES, 'blocked'];
