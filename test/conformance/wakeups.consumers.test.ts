import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Wakeup } from '#engine';
import { QUEUE_SERVERS } from './wakeups.backends.js';
import { DEADLINE, WatchedQueue } from './wakeups.watched.js';

/** Something that a handler waits for. */
class Gate {
  private readonly waiting = new Set<() => void>();
  private opened = false;

  pass(): Promise<void> {
    return this.opened ? Promise.resolve() : new Promise((resolve) => void this.waiting.add(resolve));
  }

  open(): void {
    this.opened = true;
    for (const resolve of this.waiting) resolve();
  }

  get crowd(): number {
    return this.waiting.size;
  }
}

describe.each(QUEUE_SERVERS)('Consumers of wakeups over $name', ({ start }) => {
  let queue: WatchedQueue;

  beforeEach(async () => {
    queue = new WatchedQueue(await start());
  });
  afterEach(() => queue.stop());

  describe('a consumer', () => {
    it('has never more handlers at work than it said, and uses them all', async () => {
      const gate = new Gate();
      const wakeups = await queue.consumer(async (wakeup) => {
        await gate.pass();
        await queue.record(wakeup);
      }, 3);
      const ids = Array.from({ length: 12 }, (_, index) => `r${index}`);
      await Promise.all(ids.map((id) => wakeups.wakeRotation(id)));
      await expect.poll(() => gate.crowd, DEADLINE).toBe(3);
      await sleep(300);
      expect(gate.crowd).toBe(3);
      gate.open();
      await queue.expectDeliveries(12);
      expect(queue.idsDelivered().sort()).toEqual([...ids].sort());
    });

    it('reports what a handler throws, and goes on', async () => {
      const wakeups = await queue.consumer(async (wakeup) => {
        if (wakeup.id === 'bad') throw new Error('the handler failed on purpose');
        await queue.record(wakeup);
      }, 1);
      await wakeups.wakeRotation('bad');
      await wakeups.wakeRotation('good');
      await queue.expectDeliveries(1);
      await expect
        .poll(() => queue.errors.map(({ message }) => message))
        .toEqual(['the handler failed on purpose']);
      expect(queue.idsDelivered()).toEqual(['good']);
    });

    it('shares the work with another one, and each wake-up goes to one of them', async () => {
      const shares = [0, 0];
      const takes = (share: 0 | 1) => async (wakeup: Wakeup) => {
        shares[share] = (shares[share] ?? 0) + 1;
        await sleep(20);
        await queue.record(wakeup);
      };
      const wakeups = await queue.consumer(takes(0), 1);
      await queue.consumer(takes(1), 1);
      const ids = Array.from({ length: 30 }, (_, index) => `r${String(index).padStart(2, '0')}`);
      await Promise.all(ids.map((id) => wakeups.wakeRotation(id)));
      await queue.expectDeliveries(30);
      await queue.expectSilence();
      expect(queue.idsDelivered().sort()).toEqual(ids);
      expect(Math.min(...shares)).toBeGreaterThan(0);
    });

    it('closes only after its running handlers, and takes nothing more', async () => {
      const gate = new Gate();
      const wakeups = await queue.consumer(async (wakeup) => {
        await gate.pass();
        await queue.record(wakeup);
      }, 1);
      await wakeups.wakeRotation('running');
      await wakeups.wakeRotation('waiting');
      await expect.poll(() => gate.crowd, DEADLINE).toBe(1);
      const closed = wakeups.close().then(() => queue.idsDelivered());
      await sleep(200);
      expect(queue.deliveries).toEqual([]);
      gate.open();
      expect(await closed).toEqual(['running']);
      await queue.consumer();
      await queue.expectDeliveries(2);
      expect(queue.idsDelivered()).toEqual(['running', 'waiting']);
    });

    it('may be closed twice, also at once, and when it never consumed', async () => {
      const [consuming, idle] = [await queue.consumer(), await queue.open()];
      await Promise.all([consuming.close(), consuming.close(), idle.close()]);
      await consuming.close();
      await idle.close();
    });
  });
});
