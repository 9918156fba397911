import { describe, expect, it } from 'vitest';
import { driftParts } from './drift.js';

const words = (state: 'in-sync' | 'drifted' | 'unknown', drifted: number, unknown: number) =>
  driftParts({ state, checkedAt: null, inSync: 1, drifted, unknown }).map((part) => part.words);

describe('the drift of a fleet in words', () => {
  it('is that of its hosts, the worse first', () => {
    expect(words('in-sync', 0, 0)).toEqual(['in sync']);
    expect(words('drifted', 2, 0)).toEqual(['2 drifted']);
    expect(words('drifted', 2, 1)).toEqual(['2 drifted', '1 unknown']);
  });

  it('is unknown of a fleet without hosts', () => {
    expect(words('unknown', 0, 0)).toEqual(['unknown']);
  });
});
