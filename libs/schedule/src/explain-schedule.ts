import { type DueRule, ruleInWords } from './due.js';
import { onTheWall } from './time-zone.js';
import type { Timetable } from './timetable.js';
import { nextWindow } from './windows.js';

/** What a schedule is, in the terms in which it explains itself. */
export interface ExplainedSchedule extends Timetable {
  /** What it starts; `drift` starts nothing, unless it repairs. */
  readonly kind?: 'rotate' | 'drift' | 'refresh';
  /** Null: it looks for drift. */
  readonly due: DueRule | null;
  readonly repair: boolean;
  readonly enabled: boolean;
  readonly nextTickAt: number | null;
  readonly suspended: { readonly at: number; readonly rotationId: string; readonly status: string } | null;
}

/** Why a suspended schedule starts nothing, and what to do. */
export function suspensionInWords(rotationId: string, status: string) {
  return {
    code: 'schedule.suspended',
    message: `Rotation ${rotationId}, which this schedule started, ${status === 'paused' || status === 'blocked' ? 'is' : 'ended as'} ${status}. It starts nothing more by itself.`,
    nextStep: `Read /v1/rotations/${rotationId}, mend what stopped it, and resume the schedule with a reason.`,
  };
}

/**
 * What it will do and when, for people.
 * @param due when the CA is due, null where that is no matter of its age; a text: why nobody knows
 */
export function explainSchedule(
  schedule: ExplainedSchedule,
  due: number | string | null,
  now: number,
): string {
  const { timeZone, suspended } = schedule;
  const wall = (at: number) => onTheWall(timeZone, at);
  if (!schedule.enabled) return 'Disabled: it does nothing until it is enabled.';
  const sentences = [whatItDoes(schedule)];
  if (typeof due === 'string') sentences.push(`When that is cannot be told now: ${due}`);
  else if (due !== null)
    sentences.push(due > now ? `That is at ${wall(due)}.` : `That was at ${wall(due)}: it is due.`);
  if (schedule.nextTickAt !== null) sentences.push(`It looks next at ${wall(schedule.nextTickAt)}.`);
  if (schedule.due !== null || schedule.repair) sentences.push(...windowInWords(schedule, now));
  if (suspended !== null) {
    const { message, nextStep } = suspensionInWords(suspended.rotationId, suspended.status);
    sentences.push(`Suspended since ${wall(suspended.at)}: ${message} ${nextStep}`);
  }
  return sentences.join(' ');
}

function whatItDoes({ kind, due, repair, cron, timeZone, jitterSeconds }: ExplainedSchedule): string {
  const does =
    due === null
      ? `Looks for drift${repair ? ', and puts it right,' : ''}`
      : `${kind === 'refresh' ? 'Brings the CRLs of now' : 'Rotates'} ${ruleInWords(due, kind)}, looking`;
  const late = jitterSeconds > 0 ? `, up to ${jitterSeconds} s late` : '';
  return `${does} at "${cron}" in ${timeZone}${late}.`;
}

function windowInWords({ windows, timeZone }: ExplainedSchedule, now: number): readonly string[] {
  if (windows.length === 0) return [];
  const next = nextWindow(windows, timeZone, now);
  if (next === null) return ['No window opens within two weeks, so it starts nothing.'];
  const [from, until] = [onTheWall(timeZone, next.from), onTheWall(timeZone, next.until)];
  return next.from <= now
    ? [`The window is open until ${until}.`]
    : [`It starts something only in a window; the next one is from ${from} to ${until}.`];
}
