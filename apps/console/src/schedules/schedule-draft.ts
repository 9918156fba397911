import type { components } from '#api-client';

type NewSchedule = components['schemas']['NewSchedule'];
export type Day = 'sun' | 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat';

export type Rule = 'days' | 'hours' | 'percent' | 'each';

export interface WindowDraft {
  /** Of this row of the form, while it is there. */
  readonly row: number;
  readonly days: readonly Day[];
  readonly from: string;
  readonly to: string;
}

/** What stands in the fields of a schedule that is being added. */
export interface ScheduleDraft {
  readonly kind: 'rotate' | 'refresh' | 'drift';
  readonly rule: Rule;
  /** Days, hours or percent. */
  readonly amount: number;
  readonly cron: string;
  readonly timeZone: string;
  readonly windows: readonly WindowDraft[];
  readonly jitterMinutes: number;
  readonly repair: boolean;
}

export const EMPTY_SCHEDULE: ScheduleDraft = {
  ...{ kind: 'rotate', rule: 'days', amount: 30, cron: '0 2 * * *', timeZone: 'UTC' },
  ...{ windows: [], jitterMinutes: 0, repair: false },
};

/** The body of `POST /v1/fleets/:id/schedules`. */
export function newScheduleOf(draft: ScheduleDraft): NewSchedule {
  const { kind, cron, timeZone, windows, jitterMinutes, repair } = draft;
  return {
    ...{ kind, cron: cron.trim(), timeZone, jitterSeconds: Math.round(jitterMinutes * 60) },
    windows: windows.map(({ days, from, to }) => ({ days: [...days], from, to })),
    ...(kind === 'drift' ? { repair } : ruleOf(draft)),
  };
}

function ruleOf({ rule, amount }: ScheduleDraft): Partial<NewSchedule> {
  if (rule === 'days') return { rotateWhenDaysLeft: amount };
  if (rule === 'hours') return { rotateWhenHoursLeft: amount };
  return rule === 'percent' ? { rotateAtLifetimePercent: amount } : { rotateEachTime: true };
}

/** The fields that a rule may be refused by: they are one field of the form. */
export const RULE_POINTERS = [
  ...['#/rotateWhenDaysLeft', '#/rotateWhenHoursLeft', '#/rotateAtLifetimePercent', '#/rotateEachTime'],
] as const;
