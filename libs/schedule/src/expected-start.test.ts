import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRotation } from './decide.js';
import { dueAt } from './due.js';
import { type Expecting, expectedStart } from './expected-start.js';
import type { Timetable } from './timetable.js';
import { DAYS } from './windows.js';

const at = (text: string) => Date.parse(text);
const DAY = 86_400_000;
const NOW = at('2026-11-29T04:20Z');
const DAILY: Timetable = { cron: '0 3 * * *', timeZone: 'UTC', windows: [], jitterSeconds: 0 };
const SUNDAYS = { days: ['sun' as const], from: '05:00', to: '06:00' };

const schedule = (over: Partial<Expecting> = {}): Expecting => ({
  ...{
    id: 's',
    timetable: DAILY,
    rule: { kind: 'days-left', days: 30 },
    nextTickAt: at('2026-11-30T03:00Z'),
  },
  validity: { notBefore: at('2026-01-01T00:00Z'), notAfter: at('2027-01-01T00:00Z') },
  ...over,
});
const expected = (over: Partial<Expecting> = {}) => {
  const found = expectedStart(schedule(over), NOW);
  return found === null ? null : new Date(found).toISOString();
};

describe('when a schedule is expected to rotate', () => {
  it('is the first tick at which the CA is due', () => {
    // At most 30 whole days are left from the last moment of 31 days on.
    expect(expected()).toBe('2026-12-01T03:00:00.000Z');
    expect(expected({ rule: { kind: 'hours-left', hours: 24 } })).toBe('2026-12-31T03:00:00.000Z');
  });

  it('is the next tick where the CA is due already, overdue where that has passed', () => {
    expect(expected({ rule: { kind: 'days-left', days: 90 } })).toBe('2026-11-30T03:00:00.000Z');
    const overdue = { rule: { kind: 'days-left', days: 90 }, nextTickAt: at('2026-11-28T03:00Z') } as const;
    expect(expected(overdue)).toBe('2026-11-28T03:00:00.000Z');
    expect(expected({ ...overdue, nextTickAt: null })).toBe('2026-11-30T03:00:00.000Z');
  });

  it('waits for the window behind it', () => {
    expect(expected({ timetable: { ...DAILY, windows: [SUNDAYS] } })).toBe('2026-12-06T05:00:00.000Z');
  });

  it('each time is the first tick in a window, and never where there is none', () => {
    const rule = { kind: 'each-time' } as const;
    expect(expected({ rule })).toBe('2026-11-30T03:00:00.000Z');
    const sundays = { ...DAILY, windows: [{ ...SUNDAYS, from: '02:00', to: '04:00' }] };
    expect(expected({ rule, timetable: sundays })).toBe('2026-12-06T03:00:00.000Z');
    expect(expected({ rule, timetable: { ...DAILY, windows: [SUNDAYS] } })).toBeNull();
  });

  it('is where the schedule itself would start, and nowhere before', () => {
    const windows = [[], [SUNDAYS], [{ days: [...DAYS], from: '22:00', to: '04:00' }]];
    fc.assert(
      fc.property(
        ...([fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 400 })] as const),
        fc.constantFrom(...windows),
        (days, left, open) => {
          const validity = { notBefore: NOW - DAY, notAfter: NOW + left * DAY };
          const one = schedule({
            rule: { kind: 'days-left', days },
            validity,
            timetable: { ...DAILY, windows: open },
          });
          const start = expectedStart(one, NOW) ?? expect.fail('there is a window each week');
          const facts = { now: start, tickAt: start, timetable: one.timetable, running: null };
          expect(decideRotation(facts, one.rule, validity).kind).toBe('start');
          expect(start).toBeGreaterThanOrEqual(Math.max(one.nextTickAt ?? 0, dueAt(one.rule, validity) ?? 0));
        },
      ),
    );
  });
});
