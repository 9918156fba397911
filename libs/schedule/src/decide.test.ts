import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysLeft } from '#trust';
import { decideRotation, endOf, type TickFacts, tickAfter } from './decide.js';
import { type DueRule, dueAt, isDueAtBirth, ruleInWords } from './due.js';
import { explainSchedule, suspensionInWords } from './explain-schedule.js';
import type { Timetable } from './timetable.js';
import { DAYS } from './windows.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const at = (text: string) => Date.parse(text);
const VALIDITY = { notBefore: at('2026-01-01T00:00Z'), notAfter: at('2026-12-31T00:00Z') };
const TIMETABLE: Timetable = {
  ...{ cron: '0 3 * * *', timeZone: 'UTC', jitterSeconds: 0 },
  windows: [{ days: [...DAYS], from: '02:00', to: '04:00' }],
};
const ALWAYS = { ...TIMETABLE, windows: [] };
const BY_AGE: DueRule = { kind: 'days-left', days: 30 };

const facts = (now: string, over: Partial<TickFacts> = {}): TickFacts => ({
  ...{ now: at(now), tickAt: at(now), timetable: TIMETABLE, running: null },
  ...over,
});

describe('a CA is due', () => {
  it('by whole days as people count them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: -DAY_MS, max: 500 * DAY_MS }),
        (days, left) => {
          const due = dueAt({ kind: 'days-left', days }, VALIDITY) ?? Number.NaN;
          const now = VALIDITY.notAfter - left;
          expect(now >= due).toBe(daysLeft(VALIDITY.notAfter, now) <= days);
        },
      ),
    );
  });

  it('by hours, by its share of life, or at each tick', () => {
    expect(dueAt({ kind: 'hours-left', hours: 6 }, VALIDITY)).toBe(VALIDITY.notAfter - 6 * HOUR_MS);
    expect(dueAt({ kind: 'lifetime', percent: 50 }, VALIDITY)).toBe(
      (VALIDITY.notBefore + VALIDITY.notAfter) / 2,
    );
    expect(dueAt({ kind: 'each-time' }, VALIDITY)).toBeNull();
    expect(ruleInWords({ kind: 'lifetime', percent: 66 })).toBe(
      'when 66 % of the lifetime of the issuing CA is over',
    );
  });
});

it('a rule is for no CA that it would call due from its first moment', () => {
  const month = 30 * 86_400;
  const rules: DueRule[] = [
    ...[28, 29, 30].map((days) => ({ kind: 'days-left' as const, days })),
    ...[719, 720].map((hours) => ({ kind: 'hours-left' as const, hours })),
    ...[{ kind: 'lifetime' as const, percent: 1 }, { kind: 'each-time' as const }],
  ];
  expect(rules.map((rule) => isDueAtBirth(rule, month))).toEqual([
    false,
    false,
    true,
    false,
    true,
    false,
    false,
  ]);
});

describe('a tick', () => {
  it('starts nothing before the CA is due, whatever else there is', () => {
    const verdict = decideRotation(facts('2026-06-01T03:00Z', { running: 'r1' }), BY_AGE, VALIDITY);
    expect(verdict).toEqual({ kind: 'not-due', dueAt: dueAt(BY_AGE, VALIDITY) });
  });

  it('starts what is due in a window, and is held while a rotation works on the fleet', () => {
    expect(decideRotation(facts('2026-12-20T03:00Z'), BY_AGE, VALIDITY)).toEqual({ kind: 'start' });
    const running = facts('2026-12-20T03:00Z', { running: 'r1' });
    expect(decideRotation(running, BY_AGE, VALIDITY)).toEqual({ kind: 'held', by: 'r1' });
  });

  it('waits for the next window when it comes late, and starts without waiting where there is none', () => {
    const late = facts('2026-12-20T09:00Z', { tickAt: at('2026-12-18T03:00Z') });
    const waits = { kind: 'window-closed', opensAt: at('2026-12-21T02:00Z') };
    for (const rule of [BY_AGE, { kind: 'each-time' } as const])
      expect(decideRotation(late, rule, VALIDITY)).toEqual(waits);
    expect(decideRotation({ ...late, timetable: ALWAYS }, BY_AGE, VALIDITY)).toEqual({ kind: 'start' });
  });

  it('that a pattern alone asks for is left out where it is in no window', () => {
    const verdict = decideRotation(facts('2026-12-20T09:00Z'), { kind: 'each-time' }, VALIDITY);
    expect([verdict.kind, endOf(verdict, { kind: 'each-time' })]).toEqual(['out-of-window', 'done']);
  });

  it('never starts out of a window, nor beside another rotation', () => {
    const rules = fc.constantFrom<DueRule>(BY_AGE, { kind: 'each-time' }, { kind: 'lifetime', percent: 10 });
    const moments = fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2027-01-01T00:00Z') });
    fc.assert(
      fc.property(rules, moments, moments, fc.option(fc.constant('r1')), (rule, now, tickAt, running) => {
        const { kind } = decideRotation({ now, tickAt, timetable: TIMETABLE, running }, rule, VALIDITY);
        if (kind !== 'start') return;
        expect([running, new Date(now).getUTCHours() >= 2, new Date(now).getUTCHours() < 4]).toEqual([
          null,
          true,
          true,
        ]);
      }),
    );
  });
});

describe('the tick behind a tick', () => {
  const now = at('2026-12-20T09:00Z');
  it.each([
    ['done', TIMETABLE, '2026-12-21T03:00Z'],
    ['at-opening', TIMETABLE, '2026-12-21T02:00Z'],
    ['again', TIMETABLE, '2026-12-20T09:15Z'],
    ['again', { ...ALWAYS, cron: '* * * * *' }, '2026-12-20T09:01Z'],
  ] as const)('is, %s, at the next chance', (end, timetable, expected) => {
    expect(tickAfter('s', timetable, { now, end })).toBe(at(expected));
  });

  it('is one, however many a downtime swallowed', () => {
    expect(tickAfter('s', ALWAYS, { now: at('2027-12-20T09:00Z'), end: 'done' })).toBe(
      at('2027-12-21T03:00Z'),
    );
  });
});

describe('the explanation', () => {
  const schedule = {
    ...{
      ...TIMETABLE,
      timeZone: 'Europe/Berlin',
      due: BY_AGE,
      repair: false,
      enabled: true,
      suspended: null,
    },
    nextTickAt: at('2026-11-30T02:00Z'),
  };
  const now = at('2026-11-29T04:20Z');

  it('says what, when, by which rule, and in which window', () => {
    expect(explainSchedule(schedule, dueAt(BY_AGE, VALIDITY), now)).toBe(
      'Rotates when the issuing CA has at most 30 whole days left, looking at "0 3 * * *" in Europe/Berlin. ' +
        'That is at 2026-11-30T01:00:00+01:00. It looks next at 2026-11-30T03:00:00+01:00. ' +
        'It starts something only in a window; the next one is from 2026-11-30T02:00:00+01:00 to 2026-11-30T04:00:00+01:00.',
    );
  });

  it('says why it starts nothing', () => {
    expect(explainSchedule({ ...schedule, enabled: false }, null, now)).toMatch(/^Disabled/);
    expect(explainSchedule(schedule, 'Vault does not answer.', now)).toContain(
      'cannot be told now: Vault does not',
    );
    const suspended = { at: now, rotationId: 'r1', status: 'reverted' };
    expect(explainSchedule({ ...schedule, suspended }, null, now)).toContain(
      'Suspended since 2026-11-29T05:20:00+01:00: Rotation r1, which this schedule started, ended as reverted.',
    );
    expect(suspensionInWords('r1', 'paused').message).toContain('is paused');
  });
});
