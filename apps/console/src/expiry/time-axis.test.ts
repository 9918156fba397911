import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../fleets/expiry.js';
import { isBeyond, lanesOf, placeOf, SPANS, ticksOf } from './time-axis.js';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const inDays = (days: number) => new Date(NOW + days * DAY_MS).toISOString();
const fleet = (name: string, ends: readonly number[], rotates: number | null = null) => ({
  ...{ id: name, name, expiresAt: ends.length === 0 ? null : inDays(Math.min(...ends)) },
  anchors: ends.map((days) => ({ id: `${name} ${days}`, subject: `CN=${days}`, notAfter: inDays(days) })),
  nextRotation: rotates === null ? null : { at: inDays(rotates), scheduleId: 's', fleetId: name },
});

describe('the time line', () => {
  it('has the fleet first whose first anchor ends first, and one without anchors last', () => {
    const lanes = lanesOf([fleet('none', []), fleet('late', [300, 200]), fleet('b', [20]), fleet('a', [20])]);
    expect(lanes.map(({ name }) => name)).toEqual(['a', 'b', 'late', 'none']);
  });

  it('has the marks of a fleet in the order of time, the next rotation among them', () => {
    const [lane] = lanesOf([fleet('edge', [300, 10], 100)]);
    expect(lane?.marks.map(({ kind, what }) => [kind, what])).toEqual([
      ['ends', 'CN=10'],
      ['rotates', 'scheduled rotation'],
      ['ends', 'CN=300'],
    ]);
  });

  it.each([...SPANS])('keeps order and stays within its edges over %i days', (days) => {
    const times = [-days, -1, 0, 1, days / 2, days, days * 2].map((one) => NOW + one * DAY_MS);
    const places = times.map((at) => placeOf(at, NOW, days));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect([places[0], places.at(-1)]).toEqual([0, 1]);
    expect(placeOf(NOW + days * DAY_MS, NOW, days)).toBeCloseTo(1);
    expect(placeOf(NOW, NOW, days)).toBeGreaterThan(0);
  });

  it('tells what lies beyond its edge', () => {
    expect([89, 90, 91].map((days) => isBeyond(NOW + days * DAY_MS, NOW, 90))).toEqual([false, false, true]);
  });

  it.each([...SPANS])('begins its axis today and ends it after %i days', (days) => {
    const ticks = ticksOf(days);
    expect(ticks[0]?.label).toBe('today');
    expect(ticks.at(-1)?.days).toBe(days);
  });

  it('leaves out of its axis what has no room', () => {
    const labels = (most: number) => ticksOf(365, most).map(({ label }) => label);
    expect(labels(100)).toEqual(['today', '7 d', '30 d', '90 d', '180 d', '1 y']);
    expect(labels(13)).toEqual(['today', '30 d', '90 d', '180 d', '1 y']);
    expect(labels(5)).toEqual(['today', '90 d', '180 d', '1 y']);
  });
});
