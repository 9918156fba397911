import { describe, expect, it } from 'vitest';
import { MOST_ATTEMPTS, pauseAfter } from './retries.js';

const HOUR_MS = 3_600_000;

describe('the pauses between the tries of a delivery', () => {
  const pauses = (random: number) =>
    Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) => pauseAfter(index + 1, random));

  it('grow threefold from five seconds to four hours', () => {
    expect(pauses(0.5).map((pause) => pause / 1000)).toEqual([
      ...[5, 15, 45, 135, 405, 1_215, 3_645, 10_935],
      ...[14_400, 14_400, 14_400, 14_400, 14_400],
    ]);
  });

  it.each([0, 0.5, 1])('last about a day in all, with jitter %d', (random) => {
    const total = pauses(random).reduce((sum, pause) => sum + pause, 0);
    expect(total).toBeGreaterThan(19 * HOUR_MS);
    expect(total).toBeLessThan(30 * HOUR_MS);
  });

  it('differ by a fifth to either side', () => {
    expect([pauseAfter(1, 0), pauseAfter(1, 1)]).toEqual([4_000, 6_000]);
  });
});
