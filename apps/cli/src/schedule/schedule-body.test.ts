import { describe, expect, it } from 'vitest';
import { scheduleBody, windowIn } from './schedule-body.js';

const GIVEN = { kind: 'rotate', 'time-zone': 'UTC', cron: '0 2 * * *' };

describe('the body of a new schedule', () => {
  it('is made of options', () => {
    const values = { ...GIVEN, 'days-left': '30', window: ['sat 22:00-04:00'], jitter: '30m', repair: true };
    expect(scheduleBody(values)).toEqual({
      ...{ kind: 'rotate', cron: '0 2 * * *', timeZone: 'UTC', rotateWhenDaysLeft: 30, repair: true },
      ...{ windows: [{ days: ['sat'], from: '22:00', to: '04:00' }], jitterSeconds: 1_800 },
    });
    expect(scheduleBody({ ...GIVEN, 'each-time': true }).rotateEachTime).toBe(true);
  });

  it.each([
    [{ ...GIVEN, cron: undefined }, '--cron is missing'],
    [{ ...GIVEN, kind: 'sync' }, '--kind must be one of rotate, drift, refresh, not "sync"'],
    [{ ...GIVEN, 'days-left': 'x' }, '--days-left must be a whole number'],
  ])('is refused: %j', (values, says) => {
    expect(() => scheduleBody(values as never)).toThrow(says);
  });
});

describe('a window', () => {
  it.each([
    ['22:00-04:00', { from: '22:00', to: '04:00' }],
    ['sat,sun 22:00-24:00', { days: ['sat', 'sun'], from: '22:00', to: '24:00' }],
    ['Mon-Wed 01:00-05:00', { days: ['mon', 'tue', 'wed'], from: '01:00', to: '05:00' }],
    ['fri-mon,wed 01:00-05:00', { days: ['fri', 'sat', 'sun', 'mon', 'wed'], from: '01:00', to: '05:00' }],
  ])('of "%s" is read', (text, window) => {
    expect(windowIn(text)).toEqual(window);
  });

  it.each(['at night', 'xyz 01:00-05:00', 'mon- 01:00-05:00', '1:00-5:00'])('is not "%s"', (text) => {
    expect(() => windowIn(text)).toThrow(/^--window /);
  });
});
