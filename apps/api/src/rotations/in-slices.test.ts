import { describe, expect, it } from 'vitest';
import { mapInSlices } from './in-slices.js';

/** Works for a millisecond, as a machine of any speed does. */
function work(): void {
  for (const until = performance.now() + 1; performance.now() < until; );
}

describe('work in slices', () => {
  it('is done whole and in order', async () => {
    expect(await mapInSlices([1, 2, 3], (one) => one * 2)).toEqual([2, 4, 6]);
    expect(await mapInSlices([], () => expect.unreachable())).toEqual([]);
  });

  it('lets others have their turn before it is done', async () => {
    const done: number[] = [];
    const seen: number[] = [];
    const other = setInterval(() => seen.push(done.length));
    const items = Array.from({ length: 40 }, (_, place) => place);
    await mapInSlices(items, (place) => {
      work();
      done.push(place);
    });
    clearInterval(other);
    expect(done).toEqual(items);
    expect(seen.some((count) => count > 0 && count < items.length)).toBe(true);
  });
});
