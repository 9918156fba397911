import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { JournalWatch } from './journal-watch.js';

const GATHER_MS = 20;

describe('a journal that is waited for', () => {
  it('is looked at once for all hints that come before the look', async () => {
    const watch = new JournalWatch(GATHER_MS);
    watch.hint();
    const first = watch.next();
    watch.hint();
    await first;
    let looks = 1;
    const second = watch.next().then(() => {
      looks += 1;
    });
    await sleep(3 * GATHER_MS);
    expect(looks).toBe(1);
    watch.hint();
    await second;
    expect(looks).toBe(2);
  });

  it('is waited for no longer once it is over, whenever that is', async () => {
    const before = new JournalWatch(60_000);
    before.end();
    await before.next();
    const meanwhile = new JournalWatch(60_000);
    meanwhile.hint();
    const gathering = meanwhile.next();
    meanwhile.end();
    await gathering;
    expect([before.isOver, meanwhile.isOver]).toEqual([true, true]);
  });
});
