import type { z } from 'zod';
import type { SchedulePreview } from '#engine';
import type { NamedScheduleView, ScheduleView } from '#persistence';
import { suspensionInWords } from '#schedule';
import { NamedSchedule, PreviewedSchedule, Schedule } from './schedule-schemas.js';

export function replyOf(view: ScheduleView): z.output<typeof Schedule> {
  return Schedule.parse(shown(view));
}

export function namedReplyOf(view: NamedScheduleView): z.output<typeof NamedSchedule> {
  return NamedSchedule.parse(shown(view));
}

export function previewOf(
  view: ScheduleView,
  { dueAt, nextWindow, explanation }: SchedulePreview,
): z.output<typeof PreviewedSchedule> {
  return PreviewedSchedule.parse({
    ...shown(view),
    dueAt: dueAt === null ? null : new Date(dueAt),
    nextWindow: nextWindow && { from: new Date(nextWindow.from), until: new Date(nextWindow.until) },
    explanation,
  });
}

function shown(view: ScheduleView): object {
  const { kind, rotateWhenDaysLeft, rotateWhenHoursLeft, rotateAtLifetimePercent } = view;
  const byAge = rotateWhenDaysLeft ?? rotateWhenHoursLeft ?? rotateAtLifetimePercent;
  const { suspendedAt: since, suspendedRotationId: rotationId, suspendedStatus: status } = view;
  const { resumedAt: at, resumedBy: by, resumedBecause } = view;
  return {
    ...view,
    rotateEachTime: kind !== 'drift' && byAge === null,
    suspended:
      since && rotationId && status
        ? { since, rotationId, reason: suspensionInWords(rotationId, status) }
        : null,
    resumed: at && { at, by, reason: resumedBecause },
  };
}
