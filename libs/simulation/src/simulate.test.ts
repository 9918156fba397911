import { describe, expect, it } from 'vitest';
import { STRATEGIES } from '#rotation';
import { FAULT_NAMES } from './faults.js';
import { simulate } from './simulate.js';

/** Seeds that once broke something, and what it was. */
const FOUND = [
  [10_012, 'a host that was given up turned a refusal that had begun around'],
  [10_184, 'a host that died behind the overlap could not be given up'],
  [122, 'a refusal ended while something still ran on a host that was given up'],
  [299, 'a worker that slept through its lease took its term up all the same'],
  [62, 'a host that was restored behind the decision failed every further try'],
  [7_447, 'an edit between rename and reload was served, and put back before anybody looked'],
  [50_879, 'two fleets together, and a host of one is gone for good'],
] as const;

describe('a simulated world', () => {
  it.each(FOUND)('seed %i no longer shows that %s', async (seed) => {
    const { breaches, explanation } = await simulate({ seed, strategy: 'overlap' });
    expect(breaches, explanation).toEqual([]);
  });

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

  it.each(STRATEGIES)('without faults succeeds by the strategy %s', async (strategy) => {
    for (const hosts of [1, 4, 9]) {
      const { status, breaches, explanation } = await simulate({
        seed: hosts,
        faults: [],
        hosts,
        strategy,
      });
      expect([status, breaches], explanation).toEqual(['succeeded', []]);
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
