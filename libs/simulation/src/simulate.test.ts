import { describe, expect, it } from 'vitest';
import { FAULT_NAMES } from './faults.js';
import { simulate } from './simulate.js';

describe('a simulated world', () => {
  it('is the same again for the same seed, to the last message', async () => {
    const one = await simulate({ seed: 4_711 });
    const other = await simulate({ seed: 4_711 });
    expect(other).toEqual(one);
    expect((await simulate({ seed: 4_712 })).trace).not.toBe(one.trace);
  });

  it('without faults succeeds, in every size', async () => {
    for (const hosts of [1, 2, 5, 30]) {
      const { status, breaches } = await simulate({ seed: hosts, faults: [], hosts, workers: 3 });
      expect([status, breaches]).toEqual(['succeeded', []]);
    }
  });

  it.each(FAULT_NAMES)('ends well in spite of %s', async (fault) => {
    for (let seed = 100; seed < 106; seed += 1) {
      const { breaches, explanation } = await simulate({ seed, faults: [fault, fault] });
      expect(breaches, `seed ${seed}: ${explanation}`).toEqual([]);
    }
  });

  it('ends well whatever a seed has in store', async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const { breaches, explanation } = await simulate({ seed });
      expect(breaches, `seed ${seed}: ${explanation}`).toEqual([]);
    }
  }, 120_000);
});
