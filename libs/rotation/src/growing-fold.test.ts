import { describe, expect, it } from 'vitest';
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

  it('shows every state between, and nothing before the first entry', () => {
    const entries = entriesOf(LIVES[0] ?? expect.unreachable());
    const fold = new GrowingFold();
    expect(fold.look()).toBeNull();
    const seen: number[] = [];
    fold.take(entries, ({ sequence }) => seen.push(sequence));
    expect(seen).toEqual(entries.map(({ sequence }) => sequence));
  });
});
