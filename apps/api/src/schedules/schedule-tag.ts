import type { ScheduleView } from '#persistence';
import { digestTag } from '../http/entity-tags.js';

/** Documents the header of every reply that is a schedule. */
export const SCHEDULE_ETAG = {
  ETag: 'Of what people set, of its suspension and its resumption. A tick leaves it as it is.',
};

/** Names the state of a schedule that people decide on, as the ETag of a rotation does: docs/adr/0006. */
export function scheduleTag(view: ScheduleView): string {
  const { id, kind, rotateWhenDaysLeft, rotateWhenHoursLeft, rotateAtLifetimePercent } = view;
  const { cron, timeZone, windows, jitterSeconds, repair, startOnAlert, enabled } = view;
  const { suspendedAt, suspendedRotationId, resumedAt } = view;
  return digestTag([
    ...[id, kind, rotateWhenDaysLeft, rotateWhenHoursLeft, rotateAtLifetimePercent],
    ...[cron, timeZone, windows, jitterSeconds, repair, startOnAlert, enabled],
    ...[suspendedAt, suspendedRotationId, resumedAt],
  ]);
}
