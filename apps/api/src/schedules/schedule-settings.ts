import type { z } from 'zod';
import type { FleetView, NewSchedule, ScheduleSettings, ScheduleView } from '#persistence';
import { contradictions, type DueRule, isDueAtBirth, type Timetable } from '#schedule';
import type { FieldFault } from '../http/problem.js';
import { RequestFault } from '../http/request-fault.js';
import type { NewSchedule as NewScheduleBody, ScheduleChange } from './schedule-schemas.js';

const RULES = ['rotateWhenDaysLeft', 'rotateWhenHoursLeft', 'rotateAtLifetimePercent'] as const;
const ALL = 'rotateWhenDaysLeft, rotateWhenHoursLeft, rotateAtLifetimePercent and rotateEachTime';

/** The fleet, as far as the settings of a schedule depend on it. */
type Fleet = Pick<FleetView, 'caTtlSeconds' | 'revocation'>;
type Rules = Pick<z.output<typeof ScheduleChange>, (typeof RULES)[number] | 'rotateEachTime'>;

/** What is recorded of a body. Throws RequestFault `request.invalid` where its fields contradict each other. */
export function settingsOf(body: z.output<typeof NewScheduleBody>, now: number, fleet: Fleet): NewSchedule {
  const { kind, cron, timeZone, windows, jitterSeconds, repair, startOnAlert, enabled } = body;
  const timetable = { cron, timeZone, windows, jitterSeconds };
  refuse([
    ...kindAtFault(kind, fleet),
    ...rulesAtFault(kind, body, fleet),
    ...startsAtFault({ kind, windows, repair }),
    ...alertsAtFault({ kind, startOnAlert }),
    ...timetableAtFault(timetable, now),
  ]);
  return { kind, ...timetable, repair, startOnAlert, enabled, ...onlyOf(body) };
}

/** What becomes of a schedule. Throws as {@link settingsOf}, about the schedule as it would be. */
export function changeOf(
  body: z.output<typeof ScheduleChange>,
  schedule: ScheduleView,
  now: number,
  fleet: Fleet,
): Partial<ScheduleSettings> {
  const { rotateEachTime, rotateWhenDaysLeft, rotateWhenHoursLeft, rotateAtLifetimePercent, ...given } = body;
  const rules = { rotateWhenDaysLeft, rotateWhenHoursLeft, rotateAtLifetimePercent, rotateEachTime };
  const changesRule = Object.values(rules).some((rule) => rule !== undefined);
  const timetable = withoutUndefined(given);
  refuse([
    ...(changesRule ? rulesAtFault(schedule.kind, rules, fleet) : []),
    ...startsAtFault({ ...schedule, ...timetable }),
    ...alertsAtFault({ ...schedule, ...timetable }),
    ...timetableAtFault({ ...schedule, ...timetable }, now),
  ]);
  return { ...timetable, ...(changesRule ? onlyOf(rules) : {}) };
}

/** The rule that a body gives, each other one taken away. */
function onlyOf({ rotateWhenDaysLeft, rotateWhenHoursLeft, rotateAtLifetimePercent }: Rules) {
  return {
    rotateWhenDaysLeft: rotateWhenDaysLeft ?? null,
    rotateWhenHoursLeft: rotateWhenHoursLeft ?? null,
    rotateAtLifetimePercent: rotateAtLifetimePercent ?? null,
  };
}

function withoutUndefined<Given extends object>(given: Given) {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Given]?: Exclude<Given[Name], undefined>;
  };
}

function chosen(body: Rules): readonly string[] {
  return [...RULES, 'rotateEachTime' as const].filter((name) => (body[name] ?? false) !== false);
}

function kindAtFault(kind: ScheduleView['kind'], { revocation }: Fleet): FieldFault[] {
  if (kind !== 'refresh' || revocation === 'crl') return [];
  return [fault('kind', 'refresh is only for a fleet that checks revocation: revocation "crl"')];
}

function rulesAtFault(kind: ScheduleView['kind'], body: Rules, { caTtlSeconds }: Fleet): FieldFault[] {
  const given = chosen(body);
  if (kind === 'drift')
    return given.map((name) =>
      fault(name, 'is only for a schedule that rotates or refreshes: kind "rotate" or "refresh"'),
    );
  const [rule = 'rotateWhenDaysLeft'] = given;
  // How long the next CRL lives is its CA's to say.
  if (given.length === 1 && kind === 'refresh') return [];
  if (given.length === 1)
    return isDueAtBirth(ruleOf(body), caTtlSeconds) ? [fault(rule, atBirth(caTtlSeconds))] : [];
  if (given.length > 1) return given.slice(1).map((name) => fault(name, `must be the only one of ${ALL}`));
  return [fault(rule, `is missing, or another one of ${ALL}`)];
}

function startsAtFault({
  kind,
  windows,
  repair,
}: Pick<ScheduleView, 'kind' | 'windows' | 'repair'>): FieldFault[] {
  if (kind !== 'drift')
    return repair ? [fault('repair', 'is only for a schedule that looks for drift: kind "drift"')] : [];
  if (repair || windows.length === 0) return [];
  return [
    fault(
      'windows',
      'are only for a schedule that starts something: one that looks for drift just looks, without `repair`',
    ),
  ];
}

function alertsAtFault({ kind, startOnAlert }: Pick<ScheduleView, 'kind' | 'startOnAlert'>): FieldFault[] {
  if (kind === 'rotate' || !startOnAlert) return [];
  return [fault('startOnAlert', 'is only for a schedule that rotates: kind "rotate"')];
}

function atBirth(caTtlSeconds: number): string {
  return `must leave a new CA some time: it lives for ${caTtlSeconds} s (caTtlSeconds of the fleet), and would be due at once`;
}

function ruleOf({ rotateWhenDaysLeft: days, rotateWhenHoursLeft: hours }: Rules): DueRule {
  if (typeof days === 'number') return { kind: 'days-left', days };
  return typeof hours === 'number' ? { kind: 'hours-left', hours } : { kind: 'each-time' };
}

function timetableAtFault({ cron, timeZone, windows, jitterSeconds }: Timetable, now: number): FieldFault[] {
  const found = contradictions({ cron, timeZone, windows, jitterSeconds }, now);
  return found.map(({ field, detail }) => fault(field, detail));
}

function fault(field: string, detail: string): FieldFault {
  return { pointer: `#/${field}`, detail };
}

function refuse(errors: readonly FieldFault[]): void {
  if (errors.length === 0) return;
  const places = errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
  throw new RequestFault(
    'request.invalid',
    `The body is not valid: ${places}.`,
    'Correct what errors[] names.',
    {
      errors,
    },
  );
}
