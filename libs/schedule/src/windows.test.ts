import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stretchesOf } from './time-zone.js';
import { DAYS, type MaintenanceWindow, nextWindow, openings, windowAt } from './windows.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ZONES = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca'],
  ...['Asia/Kolkata', 'America/Sao_Paulo', 'Pacific/Apia', 'Antarctica/Troll'],
];
const at = (text: string) => Date.parse(text);
const LOOKS_BACK_MS = 8 * DAY_MS;
const LOOKS_AHEAD_MS = 16 * DAY_MS;
const EVERY_DAY_BUT_A_MINUTE: MaintenanceWindow = { days: [...DAYS], from: '00:01', to: '00:00' };
const THAT_MINUTE: MaintenanceWindow = { days: [...DAYS], from: '00:00', to: '00:01' };
const NIGHT: MaintenanceWindow = { days: ['sat'], from: '22:00', to: '04:00' };

const timeOfDay = fc
  .integer({ min: 0, max: 1_439 })
  .map((minute) =>
    [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':'),
  );
const aWindow = fc
  .record({ days: fc.subarray([...DAYS], { minLength: 1 }), from: timeOfDay, to: timeOfDay })
  .filter(({ from, to }) => from !== to);
const aMoment = fc.integer({
  min: at('2011-12-01T00:00:00Z') / MINUTE_MS,
  max: at('2031-01-01T00:00:00Z') / MINUTE_MS,
});

/** What the wall shows there, by ECMAScript's own reading of the database of zones. */
function wall(timeZone: string, moment: number) {
  const options = {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  } as const;
  const parts = new Intl.DateTimeFormat('en-US', options).formatToParts(moment);
  const part = (name: string) => parts.find(({ type }) => type === name)?.value ?? '';
  return { day: part('weekday').toLowerCase(), time: `${part('hour')}:${part('minute')}` };
}

/** The definition, word by word: one reading of the clock, and no arithmetic on time. */
function isOpen(windows: readonly MaintenanceWindow[], timeZone: string, moment: number): boolean {
  const { day, time } = wall(timeZone, moment);
  const before = DAYS[(DAYS.indexOf(day as (typeof DAYS)[number]) + 6) % 7];
  return windows.some(({ days, from, to }) => {
    const today = days.some((one) => one === day);
    if (to > from) return today && from <= time && time < to;
    return (today && from <= time) || (days.some((one) => one === before) && time < to);
  });
}

describe('a window', () => {
  it('is open exactly while the clock on the wall shows a time in it', () => {
    const anything = [
      fc.array(aWindow, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...ZONES),
      aMoment,
    ] as const;
    fc.assert(
      fc.property(...anything, (windows, timeZone, minute) => {
        const moment = minute * MINUTE_MS;
        expect(windowAt(windows, timeZone, moment) !== null).toBe(isOpen(windows, timeZone, moment));
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['Europe/Berlin', '2026-03-28T12:00Z'],
    ['Europe/Berlin', '2026-10-24T12:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T06:00Z'],
    ['America/New_York', '2026-11-01T00:00Z'],
    ['Pacific/Apia', '2011-12-29T12:00Z'],
  ])('is so in %s through the day and a half behind %s, where clocks are changed', (timeZone, start) => {
    fc.assert(
      fc.property(fc.array(aWindow, { minLength: 1, maxLength: 2 }), (windows) => {
        const spans = openings(windows, timeZone, { from: at(start), until: at(start) + 1.5 * DAY_MS });
        for (let moment = at(start); moment < at(start) + 1.5 * DAY_MS; moment += 13 * MINUTE_MS) {
          const open = spans.some(({ from, until }) => from <= moment && moment < until);
          expect(open).toBe(isOpen(windows, timeZone, moment));
        }
      }),
      { numRuns: 4 },
    );
  });

  it('opens next at the first moment that is open', () => {
    fc.assert(
      fc.property(
        fc.array(aWindow, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...ZONES),
        aMoment,
        (windows, timeZone, minute) => {
          const now = minute * MINUTE_MS;
          const next = nextWindow(windows, timeZone, now);
          if (next === null) throw new Error('no window within two weeks');
          expect(next.until).toBeGreaterThan(now);
          expect(isOpen(windows, timeZone, next.from)).toBe(true);
          // Windows that never close begin and end where nobody looks further.
          const [first, last] = [now - LOOKS_BACK_MS, now + LOOKS_AHEAD_MS];
          expect(isOpen(windows, timeZone, next.from - MINUTE_MS)).toBe(next.from === first);
          expect(isOpen(windows, timeZone, next.until)).toBe(next.until === last);
          const steps = Math.min(200, Math.max(0, (next.from - now) / MINUTE_MS));
          for (let step = 0; step < steps; step += 13)
            expect(isOpen(windows, timeZone, now + step * MINUTE_MS)).toBe(false);
        },
      ),
      { numRuns: 60, examples: [[[EVERY_DAY_BUT_A_MINUTE, THAT_MINUTE], 'UTC', 22_044_960]] },
    );
  });

  it('crosses midnight and belongs to the day on which it begins', () => {
    const open = (text: string) => windowAt([NIGHT], 'UTC', at(text)) !== null;
    expect(
      ['2026-11-28T21:59Z', '2026-11-28T22:00Z', '2026-11-29T03:59Z', '2026-11-29T04:00Z'].map(open),
    ).toEqual([...[false, true, true, false]]);
    expect(open('2026-11-28T03:00Z')).toBe(false);
  });

  it('is left out with the hour that a spring leaves out, and comes twice with the one that an autumn repeats', () => {
    const window = { days: ['sun'], from: '02:00', to: '03:00' } as const;
    const around = (day: string) => ({ from: at(`${day}T00:00Z`), until: at(`${day}T12:00Z`) });
    expect(openings([window], 'Europe/Berlin', around('2026-03-29'))).toEqual([]);
    expect(nextWindow([window], 'Europe/Berlin', at('2026-03-28T12:00Z'))?.from).toBe(
      at('2026-04-05T00:00Z'),
    );
    expect(openings([window], 'Europe/Berlin', around('2026-10-25'))).toEqual([
      { from: at('2026-10-25T00:00Z'), until: at('2026-10-25T02:00Z') },
    ]);
    const late = { days: ['sun'], from: '01:30', to: '02:30' } as const;
    expect(
      openings([late], 'Europe/Berlin', { from: at('2026-10-24T22:00Z'), until: at('2026-10-25T12:00Z') }),
    ).toEqual([
      { from: at('2026-10-24T23:30Z'), until: at('2026-10-25T00:30Z') },
      { from: at('2026-10-25T01:00Z'), until: at('2026-10-25T01:30Z') },
    ]);
  });

  it('may be one of several, and two that touch are one', () => {
    const two = [
      { days: ['mon'], from: '20:00', to: '24:00' },
      { days: ['tue'], from: '00:00', to: '02:00' },
    ] as const;
    expect(nextWindow(two, 'UTC', at('2026-11-29T00:00Z'))).toEqual({
      from: at('2026-11-30T20:00Z'),
      until: at('2026-12-01T02:00Z'),
    });
  });

  it('is not needed: without one it is always open', () => {
    expect(windowAt([], 'UTC', 0)).not.toBeNull();
    expect(nextWindow([], 'UTC', 0)).toBeNull();
  });
});

it('cuts time at the very millisecond at which clocks are changed', () => {
  const cut = stretchesOf('Europe/Berlin', at('2026-03-01T00:00Z'), at('2026-12-01T00:00Z'));
  expect(cut.map(({ from, offset }) => [from, offset / 3_600_000])).toEqual([
    [at('2026-03-01T00:00Z'), 1],
    [at('2026-03-29T01:00Z'), 2],
    [at('2026-10-25T01:00Z'), 1],
  ]);
});
