import { describe, expect, it } from 'vitest';
import { replay } from '#rotation';
import { aLife, CountedJournal } from './counted-journal.fixture.js';
import { FoldedRotations } from './folded-rotations.js';

describe('rotations that are read again and again', () => {
  it('are folded on from where the last read ended', async () => {
    const all = aLife();
    const journal = new CountedJournal(all.slice(0, 20));
    const rotations = new FoldedRotations(journal);
    expect(await rotations.read('r')).toEqual(replay(all.slice(0, 20)));
    journal.entries = all;
    journal.given.length = 0;
    expect(await rotations.read('r')).toEqual(replay(all));
    // With the last one of before, to see that it is still there.
    expect(journal.given).toEqual([1 + all.length - 20]);
  });

  it('are read from the start where the database was restored meanwhile', async () => {
    const all = aLife();
    const journal = new CountedJournal(all);
    const rotations = new FoldedRotations(journal);
    await rotations.read('r');
    journal.entries = all.slice(0, 10);
    expect(await rotations.read('r')).toEqual(replay(all.slice(0, 10)));
  });

  it('are read once for all who ask while they are read', async () => {
    const all = aLife();
    const journal = new CountedJournal(all.slice(0, 20));
    const rotations = new FoldedRotations(journal);
    const first = rotations.read('r');
    journal.entries = all;
    const behind = [rotations.read('r'), rotations.read('r'), rotations.read('r')];
    expect(await first).toEqual(replay(all.slice(0, 20)));
    expect(await Promise.all(behind)).toEqual(Array(3).fill(replay(all)));
    expect(journal.given).toEqual([20, 1 + all.length - 20]);
  });

  it('are read again by the next where a read failed', async () => {
    const all = aLife();
    const journal = new CountedJournal(all);
    const rotations = new FoldedRotations({
      read: (...asked) =>
        asked[1] === 0 && journal.given.length === 0 ? lost(journal) : journal.read(...asked),
    });
    const first = rotations.read('r');
    const behind = rotations.read('r');
    await expect(first).rejects.toThrow('gone');
    expect(await behind).toEqual(replay(all));
  });

  it('are none where there is no journal', async () => {
    expect(await new FoldedRotations(new CountedJournal([])).read('r')).toBeNull();
  });
});

function lost(journal: CountedJournal): Promise<never> {
  journal.given.push(0);
  return Promise.reject(new Error('gone'));
}
