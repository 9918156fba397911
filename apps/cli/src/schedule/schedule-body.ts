import type { parseArgs } from 'node:util';
import type { components } from '#api-client';
import { oneOf, secondsIn, wholeIn } from '../server/words-in.js';
import type { ADD_OPTIONS } from './options.js';

type NewSchedule = components['schemas']['NewSchedule'];
type Window = components['schemas']['MaintenanceWindow'];
export type ScheduleValues = ReturnType<typeof parseArgs<{ options: typeof ADD_OPTIONS }>>['values'];

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
type Day = (typeof DAYS)[number];

/** Throws RangeError for a word that makes no sense; the API has the last word on the rest. Pure. */
export function scheduleBody(values: ScheduleValues): NewSchedule {
  const { kind, cron, jitter, repair } = values;
  if (cron === undefined) throw new RangeError('--cron is missing: when it looks, such as "0 2 * * *"');
  const number = (option: 'days-left' | 'hours-left' | 'lifetime-percent', field: string) => {
    const text = values[option];
    return text === undefined ? {} : { [field]: wholeIn(text, option) };
  };
  return {
    kind: oneOf(kind, ['rotate', 'drift', 'refresh'], 'kind'),
    ...{ cron, timeZone: values['time-zone'] },
    ...number('days-left', 'rotateWhenDaysLeft'),
    ...number('hours-left', 'rotateWhenHoursLeft'),
    ...number('lifetime-percent', 'rotateAtLifetimePercent'),
    ...(values['each-time'] ? { rotateEachTime: true } : {}),
    windows: (values.window ?? []).map(windowIn),
    ...(jitter === undefined ? {} : { jitterSeconds: secondsIn(jitter, 'jitter') }),
    ...(repair ? { repair } : {}),
  };
}

/** Of `sat,sun 22:00-04:00`, `mon-fri 01:00-05:00`, or times alone for every day. Throws RangeError. Pure. */
export function windowIn(text: string): Window {
  const [, days, from, to] = /^(?:([a-z,-]+) +)?(\d\d:\d\d)-(\d\d:\d\d)$/i.exec(text.trim()) ?? [];
  if (from === undefined || to === undefined) {
    throw new RangeError(
      `--window must be such as "sat,sun 22:00-04:00" or "mon-fri 01:00-05:00", not "${text}"`,
    );
  }
  return { ...(days === undefined ? {} : { days: days.split(',').flatMap(daysIn) }), from, to };
}

function daysIn(text: string): Day[] {
  const [first = '', last = first] = text.toLowerCase().split('-');
  const [from, until] = [first, last].map((one) => DAYS.indexOf(one as Day));
  if (from === undefined || until === undefined || from < 0 || until < 0) {
    throw new RangeError(`--window knows the days ${DAYS.join(', ')}, not "${text}"`);
  }
  const count = ((until - from + DAYS.length) % DAYS.length) + 1;
  return Array.from({ length: count }, (_, step) => DAYS[(from + step) % DAYS.length] ?? 'sun');
}
