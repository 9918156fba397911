import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrowingMap } from './growing-map.js';

const keys = fc.integer({ min: 0, max: 400 }).map((number) => `key ${number}`);
const sets = fc.array(fc.tuple(keys, fc.integer()), { maxLength: 600 });

function grown(entries: readonly (readonly [string, number])[], from = GrowingMap.empty<number>()) {
  return entries.reduce((map, [key, value]) => map.with(key, value), from);
}

function expectAlike(map: GrowingMap<number>, plain: ReadonlyMap<string, number>): void {
  expect([...map]).toEqual([...plain]);
  expect([...map.keys()]).toEqual([...plain.keys()]);
  expect([...map.values()]).toEqual([...plain.values()]);
  expect(map.size).toBe(plain.size);
  for (let number = 0; number <= 400; number += 1) {
    expect(map.get(`key ${number}`)).toBe(plain.get(`key ${number}`));
    expect(map.has(`key ${number}`)).toBe(plain.has(`key ${number}`));
  }
}

describe('a map that grows', () => {
  it('holds what a plain one holds, in the same order', () => {
    fc.assert(
      fc.property(sets, (entries) => expectAlike(grown(entries), new Map(entries))),
      { numRuns: 30 },
    );
  });

  it('shows nobody who holds an older version what came behind it, whichever ways they went', () => {
    fc.assert(
      fc.property(sets, sets, sets, (first, one, other) => {
        const base = grown(first);
        const [left, right] = [grown(one, base), grown(other, base)];
        expectAlike(base, new Map(first));
        expectAlike(left, new Map([...first, ...one]));
        expectAlike(right, new Map([...first, ...other]));
      }),
      { numRuns: 30 },
    );
  });
});
