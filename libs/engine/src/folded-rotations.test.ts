import { describe, expect, it } from 'vitest';
import { replay } from '#rotation';
import { Rehearsal } from '../../rotation/src/rehearsal.js';
import { FoldedRotations } from './folded-rotations.js';
import type { JournalEntry } from './ports/journal.js';

/** A journal that may grow or be restored, and how many entries each read of it gave. */
class CountedJournal {
  readonly given: number[] = [];

  constructor(public entries: readonly JournalEntry[]) {}

  async read(_: string, after = 0, most = Number.POSITIVE_INFINITY) {
    const found = this.entries.filter(({ sequence }) => sequence > after).slice(0, most);
    this.given.push(found.length);
    return found;
  }
}

function aLife(): readonly JournalEntry[] {
  const life = new Rehearsal();
  life.run();
  return life.entries as readonly JournalEntry[];
}

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
