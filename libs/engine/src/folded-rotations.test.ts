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
    expect(journal.given).toEqual([1, all.length - 20]);
  });

  it('are read from the start where the database was restored meanwhile', async () => {
    const all = aLife();
    const journal = new CountedJournal(all);
    const rotations = new FoldedRotations(journal);
    await rotations.read('r');
    journal.entries = all.slice(0, 10);
    expect(await rotations.read('r')).toEqual(replay(all.slice(0, 10)));
  });

  it('are none where there is no journal', async () => {
    expect(await new FoldedRotations(new CountedJournal([])).read('r')).toBeNull();
  });
});
