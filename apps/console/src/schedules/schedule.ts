import type { components } from '#api-client';
import type { Tone } from '../elements/state-badge.js';

export type Schedule = components['schemas']['Schedule'];

/** What a schedule waits for, in a few words. */
export function ruleInWords(schedule: Omit<Schedule, 'id' | 'fleetId'>): string {
  const { kind, rotateWhenDaysLeft, rotateWhenHoursLeft, rotateAtLifetimePercent } = schedule;
  if (kind === 'drift') return schedule.repair ? 'looks for drift, and repairs it' : 'looks for drift';
  const [does, what] = kind === 'refresh' ? ['refreshes CRLs', 'the first CRL'] : ['rotates', 'the CA'];
  if (rotateWhenDaysLeft !== null) return `${does} with ${rotateWhenDaysLeft} days left of ${what}`;
  if (rotateWhenHoursLeft !== null) return `${does} with ${rotateWhenHoursLeft} hours left of ${what}`;
  if (rotateAtLifetimePercent !== null)
    return `${does} at ${rotateAtLifetimePercent} % of the life of ${what}`;
  return `${does} each time`;
}

export type ScheduleState = 'on' | 'paused' | 'suspended';

export const SCHEDULE_LOOKS: Readonly<
  Record<ScheduleState, { readonly tone: Tone; readonly glyph: string }>
> = {
  on: { tone: 'good', glyph: '✔' },
  paused: { tone: 'quiet', glyph: '‖' },
  suspended: { tone: 'bad', glyph: '✖' },
};

/** Suspended: it stopped by itself, after a failure. Paused: a person stopped it. */
export function scheduleState({
  enabled,
  suspended,
}: Pick<Schedule, 'enabled' | 'suspended'>): ScheduleState {
  if (!enabled) return 'paused';
  return suspended === null ? 'on' : 'suspended';
}

/** `sat, sun 22:00 to 04:00`. */
export function windowInWords({ days, from, to }: Schedule['windows'][number]): string {
  return `${days.length === 7 ? 'every day' : days.join(', ')} ${from} to ${to}`;
}
