import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BullWakeups } from '#queue';
import { QUEUE_SERVERS } from './wakeups.backends.js';
import { DEADLINE, TICK_MS, WatchedQueue } from './wakeups.watched.js';

describe.each(QUEUE_SERVERS)('Wakeups over $name', ({ start }) => {
  let queue: WatchedQueue;

  beforeEach(async () => {
    queue = new WatchedQueue(await start());
  });
  afterEach(() => queue.stop());

  describe('a wake-up', () => {
    it('is delivered once, as what it is', async () => {
      const wakeups = await queue.consumer();
      await wakeups.wakeRotation('r1');
      await wakeups.wakeRotation('r2');
      await wakeups.wakeBatch('r2', 0);
      await wakeups.wakeBatch('r2', 10);
      await queue.expectDeliveries(4);
      await queue.expectSilence();
      const delivered = queue.deliveries.map(({ at: _at, ...wakeup }) => wakeup);
      expect(delivered).toHaveLength(4);
      expect(delivered).toEqual(
        expect.arrayContaining([
          { kind: 'rotation', id: 'r1' },
          { kind: 'rotation', id: 'r2' },
          { kind: 'batch', id: 'r2', batch: 0 },
          { kind: 'batch', id: 'r2', batch: 10 },
        ]),
      );
      expect(queue.errors).toEqual([]);
    });

    it('that was added while nobody consumed is delivered later', async () => {
      await (await queue.open()).wakeRotation('early');
      await queue.closeAll();
      await queue.consumer();
      await queue.expectDeliveries(1);
      expect(queue.idsDelivered()).toEqual(['early']);
    });

    it('is counted as what it waits for', async () => {
      const wakeups = await queue.open();
      expect(await wakeups.depth()).toEqual({ waiting: 0, active: 0, delayed: 0 });
      await wakeups.wakeRotation('now');
      await wakeups.wakeBatch('now', 1);
      await wakeups.wakeRotation('later', 60_000);
      expect(await wakeups.depth()).toEqual({ waiting: 2, active: 0, delayed: 1 });
    });

    it('leaves nothing in the server once it is handled, failed ones too', async () => {
      const wakeups = await queue.consumer(async (wakeup) => {
        await queue.record(wakeup);
        if (wakeup.id === 'bad') throw new Error('on purpose');
      });
      await wakeups.wakeRotation('good');
      await wakeups.wakeRotation('bad');
      await queue.expectDeliveries(2);
      await expect.poll(() => queue.server.payloads(), DEADLINE).toEqual([]);
    });

    it('holds kind and id in the server, a batch its number, and nothing more', async () => {
      const wakeups = await queue.open();
      await wakeups.wakeRotation('now');
      await wakeups.wakeRotation('later', 60_000);
      await wakeups.wakeBatch('now', 3);
      await wakeups.wakeBatch('later', 4, 60_000);
      await wakeups.setSchedule('s', { cron: '0 3 * * *', timeZone: 'Europe/Berlin' });
      const schedule = { kind: 'schedule', id: 's' };
      const expected = [
        { kind: 'rotation', id: 'now' },
        { kind: 'rotation', id: 'later' },
        { kind: 'batch', id: 'now', batch: 3 },
        { kind: 'batch', id: 'later', batch: 4 },
        // The schedule, and the tick of it that is to come.
        schedule,
        schedule,
      ];
      const payloads = await queue.server.payloads();
      expect(payloads).toHaveLength(expected.length);
      expect(payloads).toEqual(expect.arrayContaining(expected));
    });
  });

  describe('a delayed wake-up', () => {
    it('is delivered once, and not before its time', async () => {
      const wakeups = await queue.consumer();
      const asked = Date.now();
      await wakeups.wakeRotation('r', 400);
      await queue.expectDeliveries(1);
      expect(queue.deliveries[0]?.at).toBeGreaterThanOrEqual(asked + 400);
      await queue.expectSilence();
      expect(queue.idsDelivered()).toEqual(['r']);
    });

    it('is not delivered early because another was asked for a little before it', async () => {
      const wakeups = await queue.consumer();
      const second = Math.ceil(Date.now() / 1000) * 1000 + 1000;
      await wakeups.wakeRotation('r', second + 50 - Date.now());
      await wakeups.wakeRotation('r', second + 900 - Date.now());
      await expect
        .poll(() => queue.deliveries.at(-1)?.at ?? 0, DEADLINE)
        .toBeGreaterThanOrEqual(second + 900);
    });

    it('collapses with all others of the same rotation and moment', async () => {
      const wakeups = await queue.open();
      const moment = Math.ceil(Date.now() / 1000) * 1000 + 60_050;
      await Promise.all(Array.from({ length: 50 }, () => wakeups.wakeRotation('r', moment - Date.now())));
      await wakeups.wakeRotation('other', moment - Date.now());
      // One, or two where the few milliseconds that the calls take crossed a boundary.
      expect(await queue.server.delayedJobs()).toBeLessThanOrEqual(3);
    });

    it('does not collapse with one of another moment', async () => {
      const wakeups = await queue.open();
      await wakeups.wakeRotation('r', 60_000);
      await wakeups.wakeRotation('r', 90_000);
      expect(await queue.server.delayedJobs()).toBe(2);
    });

    it('asked for by the handler of the one before is never lost', async () => {
      const rounds = 12;
      const wakeups = await queue.open();
      await wakeups.consume(async (wakeup) => {
        await queue.record(wakeup);
        if (queue.deliveries.length < rounds) await wakeups.wakeRotation(wakeup.id, 30);
      }, 1);
      await wakeups.wakeRotation('r', 30);
      await queue.expectDeliveries(rounds);
    });
  });

  describe('a delayed wake-up of a batch', () => {
    it('is delivered once, and not before its time', async () => {
      const wakeups = await queue.consumer();
      const asked = Date.now();
      await wakeups.wakeBatch('r', 2, 400);
      await queue.expectDeliveries(1);
      expect(queue.deliveries[0]?.at).toBeGreaterThanOrEqual(asked + 400);
      await queue.expectSilence();
      expect(queue.deliveries).toMatchObject([{ kind: 'batch', id: 'r', batch: 2 }]);
    });

    it('collapses with all others of the same batch and moment, and with nothing else', async () => {
      const wakeups = await queue.open();
      const moment = Math.ceil(Date.now() / 1000) * 1000 + 60_050;
      const ahead = () => moment - Date.now();
      await Promise.all(Array.from({ length: 50 }, () => wakeups.wakeBatch('r', 1, ahead())));
      const collapsed = await queue.server.delayedJobs();
      // One, or two where the few milliseconds that the calls take crossed a boundary.
      expect(collapsed).toBeLessThanOrEqual(2);
      await wakeups.wakeBatch('r', 11, ahead());
      await wakeups.wakeBatch('r-1', 1, ahead());
      await wakeups.wakeRotation('r', ahead());
      await wakeups.wakeRotation('r-1', ahead());
      await wakeups.wakeBatch('r', 1, 90_000);
      expect(await queue.server.delayedJobs()).toBe(collapsed + 5);
    });

    it('asked for by the handler of the one before is never lost', async () => {
      const rounds = 12;
      const wakeups = await queue.open();
      await wakeups.consume(async (wakeup) => {
        await queue.record(wakeup);
        if (queue.deliveries.length < rounds) await wakeups.wakeBatch(wakeup.id, 0, 30);
      }, 1);
      await wakeups.wakeBatch('r', 0, 30);
      await queue.expectDeliveries(rounds);
    });
  });

  describe('a server', () => {
    it('that breaks all connections and comes back is used again by all who had it open', async () => {
      const [wakeups, producer] = [await queue.consumer(), await queue.open()];
      await wakeups.wakeRotation('before');
      await queue.expectDeliveries(1);
      await queue.server.interrupt();
      await producer.wakeRotation('after', 100);
      await wakeups.wakeRotation('after too');
      await wakeups.setSchedule('s', { everyMilliseconds: TICK_MS });
      await queue.expectDeliveries(5);
      expect(queue.idsDelivered()).toEqual(expect.arrayContaining(['before', 'after', 'after too', 's']));
    });

    it('that is away is reported by open, without its password', async () => {
      const failure = await BullWakeups.open(queue.server.nowhere).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Error);
      expect(String(failure)).not.toContain('secret');
    });
  });
});
