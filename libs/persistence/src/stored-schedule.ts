import type { Schedule } from '#engine';
import type { DueRule } from '#schedule';
import type { ScheduleEntity } from './entities/schedule.entity.js';

/** What the engine needs of a row. */
export type ScheduleRow = Omit<
  ScheduleEntity,
  | ('startOnAlert' | 'claimedUntil' | 'lastTickAt' | 'lastOutcome' | 'lastDrift')
  | ('resumedAt' | 'resumedBy' | 'resumedBecause' | 'createdAt')
>;

/** A row as the engine knows it. */
export function toSchedule(row: ScheduleRow): Schedule {
  const { id, fleetId, cron, timeZone, windows, jitterSeconds, repair, enabled, resumedRotationId } = row;
  return {
    ...{ id, fleetId, cron, timeZone, windows, jitterSeconds, repair, enabled, resumedRotationId },
    kind: row.kind,
    due: dueRuleOf(row),
    nextTickAt: row.nextTickAt?.getTime() ?? null,
    suspended: suspensionOf(row),
    alertedAt: row.alertedAt?.getTime() ?? null,
  };
}

/** Null for a schedule that looks for drift. */
export function dueRuleOf(
  row: Pick<
    ScheduleEntity,
    'kind' | 'rotateWhenDaysLeft' | 'rotateWhenHoursLeft' | 'rotateAtLifetimePercent'
  >,
): DueRule | null {
  const {
    kind,
    rotateWhenDaysLeft: days,
    rotateWhenHoursLeft: hours,
    rotateAtLifetimePercent: percent,
  } = row;
  if (kind === 'drift') return null;
  if (days !== null) return { kind: 'days-left', days };
  if (hours !== null) return { kind: 'hours-left', hours };
  return percent === null ? { kind: 'each-time' } : { kind: 'lifetime', percent };
}

function suspensionOf(row: ScheduleRow): Schedule['suspended'] {
  const { suspendedAt, suspendedRotationId: rotationId, suspendedStatus: status } = row;
  if (suspendedAt === null || rotationId === null || status === null) return null;
  return { at: suspendedAt.getTime(), rotationId, status };
}
