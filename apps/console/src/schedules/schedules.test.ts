import { describe, expect, it } from 'vitest';
import { nextTimes } from './next-times.js';
import { ruleInWords, type Schedule, scheduleState, windowInWords } from './schedule.js';
import { EMPTY_SCHEDULE, newScheduleOf } from './schedule-draft.js';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const NO_RULE = { rotateWhenDaysLeft: null, rotateWhenHoursLeft: null, rotateAtLifetimePercent: null };
const schedule = (over: Partial<Schedule>) =>
  ({ kind: 'rotate', ...NO_RULE, rotateEachTime: false, repair: false, ...over }) as Schedule;

describe('a schedule that is being added', () => {
  it('is sent with the one rule that was chosen', () => {
    const rules = (['days', 'hours', 'percent', 'each'] as const).map((rule) =>
      newScheduleOf({ ...EMPTY_SCHEDULE, rule, amount: 40 }),
    );
    expect(rules).toMatchObject([
      { rotateWhenDaysLeft: 40 },
      { rotateWhenHoursLeft: 40 },
      { rotateAtLifetimePercent: 40 },
      { rotateEachTime: true },
    ]);
    for (const one of rules)
      expect(Object.keys(one).filter((key) => key.startsWith('rotate'))).toHaveLength(1);
  });

  it('has no rule where it looks for drift, and repairs nothing but drift', () => {
    const drift = newScheduleOf({ ...EMPTY_SCHEDULE, kind: 'drift', repair: true });
    expect(Object.keys(drift).filter((key) => key.startsWith('rotate'))).toEqual([]);
    expect(drift).toMatchObject({ kind: 'drift', repair: true });
    expect(newScheduleOf({ ...EMPTY_SCHEDULE, repair: true })).not.toHaveProperty('repair');
  });

  it('has its delay in seconds, and windows without what the form needs of them', () => {
    const windows = [{ row: 7, days: ['sat' as const], from: '22:00', to: '04:00' }];
    expect(newScheduleOf({ ...EMPTY_SCHEDULE, jitterMinutes: 1.5, windows })).toMatchObject({
      ...{ jitterSeconds: 90, windows: [{ days: ['sat'], from: '22:00', to: '04:00' }] },
    });
  });
});

describe('the next times of a pattern', () => {
  it('are those of its time zone, and say which a window takes in', () => {
    const night = { cron: '0 2 * * *', timeZone: 'Europe/Berlin' };
    const windows = [{ days: ['tue' as const], from: '01:00', to: '03:00' }];
    expect(nextTimes({ ...night, windows }, NOW, 2)).toEqual([
      { at: Date.parse('2026-11-30T01:00:00Z'), open: false },
      { at: Date.parse('2026-12-01T01:00:00Z'), open: true },
    ]);
    expect(nextTimes({ ...night, windows: [] }, NOW, 1)).toMatchObject([{ open: true }]);
  });

  it('are none where the pattern is none, or never comes', () => {
    for (const cron of ['tomorrow', '', '0 0 31 2 *'])
      expect(nextTimes({ cron, timeZone: 'UTC', windows: [] }, NOW, 3)).toEqual([]);
  });
});

describe('a schedule in words', () => {
  it.each([
    [{ rotateWhenDaysLeft: 30 }, 'rotates with 30 days left of the CA'],
    [{ rotateWhenHoursLeft: 5 }, 'rotates with 5 hours left of the CA'],
    [{ rotateAtLifetimePercent: 70 }, 'rotates at 70 % of the life of the CA'],
    [{ rotateEachTime: true }, 'rotates each time'],
    [{ kind: 'refresh' as const, rotateWhenDaysLeft: 2 }, 'refreshes CRLs with 2 days left of the first CRL'],
    [{ kind: 'drift' as const }, 'looks for drift'],
    [{ kind: 'drift' as const, repair: true }, 'looks for drift, and repairs it'],
  ])('%j %s', (over, words) => {
    expect(ruleInWords(schedule(over))).toBe(words);
  });

  it('is on, paused by a person, or suspended by itself', () => {
    const suspended = { since: 'then', rotationId: 'r', reason: { code: 'c', message: 'm', nextStep: 'n' } };
    expect(scheduleState({ enabled: true, suspended: null })).toBe('on');
    expect(scheduleState({ enabled: true, suspended })).toBe('suspended');
    expect(scheduleState({ enabled: false, suspended })).toBe('paused');
  });

  it('names the days of a window, or all of them', () => {
    const week = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
    expect(windowInWords({ days: [...week], from: '01:00', to: '05:00' })).toBe('every day 01:00 to 05:00');
    expect(windowInWords({ days: ['sat', 'sun'], from: '22:00', to: '04:00' })).toBe(
      'sat, sun 22:00 to 04:00',
    );
  });
});
