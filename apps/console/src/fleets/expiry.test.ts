import { describe, expect, it } from 'vitest';
import { DAY_MS, daysUntil, expiryInWords, expiryLook } from './expiry.js';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const inDays = (days: number) => new Date(NOW + days * DAY_MS).toISOString();

describe('how near an end is', () => {
  it('is told in whole days, rounded down, and is negative when it is over', () => {
    expect(daysUntil(inDays(30), NOW)).toBe(30);
    expect(daysUntil(inDays(29.9), NOW)).toBe(29);
    expect(daysUntil(inDays(-0.1), NOW)).toBe(-1);
  });

  it.each([
    [30, 'good'],
    [29, 'waits'],
    [7, 'waits'],
    [6, 'bad'],
    [-1, 'bad'],
    [null, 'quiet'],
  ])('with %j days left is %s', (days, tone) => {
    expect(expiryLook(days).tone).toBe(tone);
  });

  it('has words of its own for less than a day, one day, what is over, and what nobody knows', () => {
    expect([0, 1, 12, -1, -2, -4, null].map(expiryInWords)).toEqual([
      ...['less than a day', '1 day', '12 days', 'ended less than a day ago'],
      ...['ended 1 day ago', 'ended 3 days ago', 'not known'],
    ]);
  });

  it('is never told by colour alone: no two tones have one glyph', () => {
    const looks = [40, 20, 3, null].map(expiryLook);
    expect(new Set(looks.map(({ glyph }) => glyph)).size).toBe(looks.length);
  });
});
