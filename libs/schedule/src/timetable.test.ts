import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contradictions } from './contradictions.js';
import { isCron, nextCron } from './cron.js';
import { isTimeZone } from './time-zone.js';
import { jitterOf, nextTick, openingTick, type Timetable } from './timetable.js';
import { DAYS, windowAt } from './windows.js';

const at = (text: string) => Date.parse(text);
const NOW = at('2026-11-29T04:20Z');
const DAILY: Timetable = { cron: '0 3 * * *', timeZone: 'Europe/Berlin', windows: [], jitterSeconds: 0 };
const NIGHT = { days: [...DAYS], from: '02:00', to: '04:00' };

describe('a tick', () => {
  it('is the next time of the pattern, as the wall there shows it', () => {
    expect(nextTick('s', DAILY, NOW)).toBe(at('2026-11-30T02:00Z'));
    expect(nextTick('s', DAILY, at('2026-07-01T12:00Z'))).toBe(at('2026-07-02T01:00Z'));
  });

  it('comes once on each day on which clocks are changed', () => {
    const times: number[] = [];
    for (
      let one = nextCron('30 2 * * *', 'Europe/Berlin', at('2026-03-27T12:00Z'));
      one !== null && times.length < 5;
    ) {
      times.push(one);
      one = nextCron('30 2 * * *', 'Europe/Berlin', one);
    }
    const days = times.map((one) => new Date(one + 3_600_000).toISOString().slice(8, 10));
    expect(days).toEqual(['28', '29', '30', '31', '01']);
  });

  it('is late by a delay that is its own, the same at each asking, and never out of the window', () => {
    const timetable = { ...DAILY, windows: [NIGHT], jitterSeconds: 7_200 };
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2030-01-01T00:00Z') }),
        (id, after) => {
          const base = nextTick(id, { ...timetable, jitterSeconds: 0 }, after);
          const tick = nextTick(id, timetable, after);
          if (base === null || tick === null) throw new Error('no tick');
          expect(tick).toBe(nextTick(id, timetable, after));
          expect(tick - base).toBeGreaterThanOrEqual(0);
          expect(tick - base).toBeLessThan(7_200_000);
          if (windowAt([NIGHT], DAILY.timeZone, base) !== null)
            expect(windowAt([NIGHT], DAILY.timeZone, tick)).not.toBeNull();
          const opening = openingTick(id, timetable, after);
          expect(windowAt([NIGHT], DAILY.timeZone, opening ?? 0)).not.toBeNull();
          expect(opening).toBeGreaterThanOrEqual(after);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('spreads hundreds of schedules over the whole of the delay', () => {
    const quarters = [0, 0, 0, 0];
    for (let index = 0; index < 400; index += 1) {
      const quarter = Math.floor(jitterOf(`schedule-${index}`, NOW, 4_000) / 1_000);
      quarters[quarter] = (quarters[quarter] ?? 0) + 1;
    }
    expect(Math.min(...quarters)).toBeGreaterThan(60);
    expect(new Set([1, 2, 3].map((day) => jitterOf('one', day, 1_000_000))).size).toBe(3);
  });
});

describe('what contradicts', () => {
  const found = (over: Partial<Timetable>) =>
    contradictions({ ...DAILY, ...over }, NOW).map(({ field, detail }) => `${field} ${detail}`);

  it('is nothing in a timetable that holds together', () => {
    expect(found({})).toEqual([]);
    expect(found({ windows: [NIGHT], jitterSeconds: 7_200 })).toEqual([]);
    expect(found({ cron: '0 3 29 2 *', windows: [NIGHT] })).toEqual([
      'windows must meet the cron pattern: within a year no tick falls into any of them',
    ]);
    expect(found({ cron: '0 3 1 10 *', windows: [NIGHT] })).toEqual([]);
  });

  it('is a window that the pattern never meets, also for the time zone', () => {
    expect(found({ windows: [{ days: ['sun'], from: '04:00', to: '06:00' }] })).toHaveLength(1);
    expect(found({ cron: '0 3 * * 1', windows: [{ ...NIGHT, days: ['sun'] }] })[0]).toMatch(
      /^windows must meet/,
    );
  });

  it('is a delay longer than the shortest window, or than the time between two ticks', () => {
    expect(
      found({ windows: [NIGHT, { days: ['sun'], from: '03:00', to: '03:30' }], jitterSeconds: 1_801 }),
    ).toEqual(['jitterSeconds must not be longer than the shortest window, which has 1800 s']);
    expect(found({ cron: '*/10 * * * *', jitterSeconds: 600 })).toEqual([
      'jitterSeconds must be shorter than the time between two ticks, which is 600 s',
    ]);
  });
});

it.each(['', '* * *', '61 * * * *', '0 0 31 2 *', 'H 4 * * *', 'tomorrow'])('%j is no pattern', (cron) => {
  expect(isCron(cron)).toBe(false);
});

it.each(['0 3 * * *', '0 0 4 * * 1-5', '@daily', '0 4 L * *'])('%j is a pattern', (cron) => {
  expect(isCron(cron)).toBe(true);
});

it('knows zones by name, and no offset', () => {
  expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', '+02:00', ''].map(isTimeZone)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
