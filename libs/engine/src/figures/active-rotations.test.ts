import { describe, expect, it } from 'vitest';
import { failing, REASON } from '../../../rotation/src/lives.fixture.js';
import { Rehearsal } from '../../../rotation/src/rehearsal.js';
import type { ActiveRow } from '../ports/figure-store.js';
import type { JournalEntry } from '../ports/journal.js';
import { ActiveRotations } from './active-rotations.js';

/** One journal, and behind which entry it was read each time. */
function journalOf(entries: readonly JournalEntry[]) {
  const readAfter: number[] = [];
  const store = {
    async entries(journals: readonly { rotationId: string; after: number }[]) {
      return new Map(
        journals.map(({ rotationId, after }) => {
          readAfter.push(after);
          return [rotationId, entries.slice(after)] as const;
        }),
      );
    },
  };
  return { readAfter, rotations: new ActiveRotations(store) };
}

const row = (version: number, over: Partial<ActiveRow> = {}): ActiveRow => ({
  ...{ rotationId: 'r1', fleetId: 'f1', status: 'blocked', phase: 'expand', version, requestedAt: 0 },
  ...over,
});

describe('the figures of rotations that stand still', () => {
  it('name each reason of a block once, and read of a journal what is new', async () => {
    const life = new Rehearsal(failing('expand.1/host.confirm/'));
    life.run((state) => (state.effects.get('expand.1/host.confirm/c')?.attempts ?? 0) > 2);
    const { readAfter, rotations } = journalOf(life.entries);
    const { length } = life.entries;
    const told = new Map([['r1', { blockedBy: [REASON.code], oldCaClients: null }]]);
    expect(await rotations.figures([row(length)])).toEqual(told);
    expect(await rotations.figures([row(length)])).toEqual(told);
    life.run((state) => (state.effects.get('expand.1/host.confirm/c')?.attempts ?? 0) > 3);
    await rotations.figures([row(life.entries.length)]);
    expect(readAfter).toEqual([0, length]);
  });

  it('ask for no journal of a rotation that moves', async () => {
    const { readAfter, rotations } = journalOf(new Rehearsal().entries);
    expect(await rotations.figures([row(1, { status: 'running' })])).toEqual(new Map());
    expect(readAfter).toEqual([]);
  });

  it('say nothing of a journal that this release cannot follow, and do not read it again', async () => {
    const [first] = new Rehearsal().entries;
    if (first === undefined) throw new Error('no entry');
    const { readAfter, rotations } = journalOf([first, { ...first, sequence: 2 }]);
    for (let look = 0; look < 3; look += 1) {
      const figures = await rotations.figures([row(2)]);
      expect(figures.get('r1')).toEqual({ blockedBy: [], oldCaClients: null });
    }
    expect(readAfter).toEqual([0]);
  });
});
