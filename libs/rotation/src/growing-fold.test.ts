import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IllegalEvent } from './illegal-event.js';
import { LIVES, statesOf } from './lives.fixture.js';
import { GrowingFold, type ReducibleEntry, replay } from './reduce.js';

function entriesOf(make: (typeof LIVES)[number]): readonly ReducibleEntry[] {
  const life = make();
  statesOf(life);
  return life.entries;
}

describe('a fold that goes on', () => {
  it.each(LIVES.map((make, place) => [place, make] as const))(
    'comes to the same, life %i',
    (_place, make) => {
      const entries = entriesOf(make);
      const fold = new GrowingFold();
      for (let from = 0; from < entries.length; from += 5) fold.take(entries.slice(from, from + 5));
      expect(fold.look()).toEqual(replay(entries));
    },
  );

  it('never changes a state that somebody looked at', () => {
    const entries = entriesOf(LIVES[0] ?? expect.unreachable());
    const fold = new GrowingFold();
    const looked = entries.map((entry) => {
      fold.take([entry]);
      return fold.look();
    });
    looked.forEach((state, index) => {
      expect(state).toEqual(replay(entries.slice(0, index + 1)));
    });
  });

  it('gives what a replay does of each part, however it is cut, and wherever an entry breaks the rules', () => {
    const journals = LIVES.map(entriesOf);
    const cuts = fc.array(fc.tuple(fc.nat({ max: 12 }), fc.boolean(), fc.boolean()), { minLength: 60 });
    fc.assert(
      fc.property(fc.constantFrom(...journals), cuts, (entries, steps) => {
        const fold = new GrowingFold();
        const looks: (readonly [at: number, state: ReturnType<GrowingFold['look']>])[] = [];
        let at = 0;
        for (const [count, looksNow, breaks] of steps) {
          const part = entries.slice(at, at + count);
          at += part.length;
          const again = entries[0];
          if (breaks && at > 0 && again) expect(() => fold.take([...part, again])).toThrow(IllegalEvent);
          else fold.take(part);
          if (looksNow) looks.push([at, fold.look()]);
        }
        for (const [length, state] of looks) expect(state).toEqual(replay(entries.slice(0, length)));
      }),
      { numRuns: 25 },
    );
  });

  it('shows every state between, and nothing before the first entry', () => {
    const entries = entriesOf(LIVES[0] ?? expect.unreachable());
    const fold = new GrowingFold();
    expect(fold.look()).toBeNull();
    const seen: number[] = [];
    fold.take(entries, ({ sequence }) => seen.push(sequence));
    expect(seen).toEqual(entries.map(({ sequence }) => sequence));
  });
});
