import { describe, expect, it } from 'vitest';
import { HeldClock } from '../counted-journal.fixture.js';
import type { FleetStore } from '../ports/fleet-store.js';
import type { RotationStore } from '../ports/rotation-store.js';
import { RecentReads } from './recent-reads.js';

/** A database whose answers come when the test says so. */
class SlowStore {
  readonly clock = new HeldClock();
  readonly asked: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  readonly reads = new RecentReads(
    { fleet: () => this.ask(), generation: () => this.ask() } as unknown as FleetStore,
    { leaf: () => this.ask() } as unknown as RotationStore,
    this.clock,
  );

  private ask(): Promise<unknown> {
    return new Promise((resolve, reject) => this.asked.push({ resolve, reject }));
  }

  /** The newest question is answered after so long. */
  async answer(value: unknown, afterMs: number): Promise<void> {
    this.clock.at += afterMs;
    this.asked.at(-1)?.resolve(value);
    await this.settled();
  }

  /** What waits for an answer has had its turn. */
  settled(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}

/** From the answer on: how long a fleet whose read took `tookMs` is not read again. */
const LIFETIMES = [
  [0, 500],
  [20, 500],
  [100, 2_000],
  [400, 8_000],
  [700, 10_000],
  [60_000, 10_000],
] as const;

describe('what was read a moment ago', () => {
  it.each(LIFETIMES)(
    'a fleet that took %i ms is good for %i ms, then an edit is seen',
    async (took, good) => {
      const store = new SlowStore();
      void store.reads.fleet('f1', ['h1']);
      await store.answer('before', took);
      store.clock.at += good - 1;
      expect(await store.reads.fleet('f1', ['h1'])).toBe('before');
      expect(store.asked).toHaveLength(1);
      store.clock.at += 1;
      const edited = store.reads.fleet('f1', ['h1']);
      await store.answer('edited', 0);
      expect(await edited).toBe('edited');
    },
  );

  it('is asked for once however long the answer takes', async () => {
    const store = new SlowStore();
    const first = store.reads.fleet('f1', ['h1']);
    store.clock.at += 700;
    const second = store.reads.fleet('f1', ['h1']);
    expect(store.asked).toHaveLength(1);
    await store.answer('read', 0);
    expect(await Promise.all([first, second])).toEqual(['read', 'read']);
  });

  it('a fleet with other hosts is another thing', async () => {
    const store = new SlowStore();
    for (const hosts of [['h1'], ['h1', 'h2'], [], ['h1']]) void store.reads.fleet('f1', hosts);
    expect(store.asked).toHaveLength(3);
  });

  it('a leaf is a secret, and kept for five seconds however long its read took', async () => {
    const store = new SlowStore();
    void store.reads.leaf('r1', 'old');
    await store.answer('leaf', 3_000);
    store.clock.at += 4_999;
    expect(await store.reads.leaf('r1', 'old')).toBe('leaf');
    store.clock.at += 1;
    void store.reads.leaf('r1', 'old');
    expect(store.asked).toHaveLength(2);
  });

  it('is another thing for each rotation and role', () => {
    const store = new SlowStore();
    void store.reads.leaf('r1', 'old');
    void store.reads.leaf('r1', 'new');
    void store.reads.leaf('r2', 'old');
    expect(store.asked).toHaveLength(3);
  });

  it('is read again where it was not there, and where it could not be read', async () => {
    const store = new SlowStore();
    void store.reads.leaf('r1', 'old');
    await store.answer(null, 10);
    const away = store.reads.leaf('r1', 'old');
    store.asked.at(-1)?.reject(new Error('the database is away'));
    await expect(away).rejects.toThrow('the database is away');
    await store.settled();
    const back = store.reads.leaf('r1', 'old');
    await store.answer('leaf', 10);
    expect(await back).toBe('leaf');
  });

  it('keeps the 64 generations that were read last', async () => {
    const store = new SlowStore();
    for (let place = 0; place <= 64; place += 1) void store.reads.generation(`g${place}`);
    expect(store.asked).toHaveLength(65);
    void store.reads.generation('g64');
    void store.reads.generation('g1');
    expect(store.asked).toHaveLength(65);
    void store.reads.generation('g0');
    expect(store.asked).toHaveLength(66);
  });
});
