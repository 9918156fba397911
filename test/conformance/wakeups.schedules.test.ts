import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QUEUE_SERVERS } from './wakeups.backends.js';
import { TICK_MS, WatchedQueue } from './wakeups.watched.js';

describe.each(QUEUE_SERVERS)('Schedules over $name', ({ start }) => {
  let queue: WatchedQueue;

  beforeEach(async () => {
    queue = new WatchedQueue(await start());
  });
  afterEach(() => queue.stop());

  describe('a schedule', () => {
    it('ticks again and again', async () => {
      const wakeups = await queue.consumer();
      await wakeups.setSchedule('s', { everyMilliseconds: TICK_MS });
      await queue.expectDeliveries(5);
      expect(new Set(queue.deliveries.map(({ kind, id }) => `${kind} ${id}`))).toEqual(
        new Set(['schedule s']),
      );
    });

    it('ticks by a cron pattern with a time zone', async () => {
      const wakeups = await queue.consumer();
      await wakeups.setSchedule('s', { cron: '* * * * * *', timeZone: 'Asia/Kolkata' });
      await queue.expectDeliveries(2);
      const seconds = queue.deliveries.map(({ at }) => Math.floor(at / 1000));
      expect(new Set(seconds).size).toBe(seconds.length);
    });

    it('ticks once for a slot however often it is replaced', async () => {
      const wakeups = await queue.consumer();
      for (let round = 0; round < 5; round += 1) {
        await wakeups.setSchedule('s', { cron: '* * * * * *', timeZone: 'UTC' });
        await wakeups.setSchedule('s', { everyMilliseconds: TICK_MS });
      }
      await queue.expectNoDoubles(12);
      expect(await queue.server.delayedJobs()).toBeLessThanOrEqual(1);
    });

    it('keeps only the newest recurrence', async () => {
      const wakeups = await queue.consumer();
      await wakeups.setSchedule('s', { everyMilliseconds: TICK_MS });
      await queue.expectDeliveries(2);
      await wakeups.setSchedule('s', { cron: '0 0 29 2 *', timeZone: 'UTC' });
      await sleep(3 * TICK_MS);
      await queue.expectSilence();
      expect(await queue.server.delayedJobs()).toBe(1);
    });

    it('never ticks twice for a slot when two consumers share it', async () => {
      const [one] = [await queue.consumer(), await queue.consumer()];
      await one.setSchedule('s', { everyMilliseconds: TICK_MS });
      await queue.expectNoDoubles(15);
    });

    it('may be set by every replica at its start', async () => {
      const replicas = [await queue.consumer(), await queue.consumer(), await queue.consumer()];
      await Promise.all(replicas.map((one) => one.setSchedule('s', { everyMilliseconds: TICK_MS })));
      await queue.expectNoDoubles(12);
    });

    it('ticks no more once it is removed; removing it again is harmless', async () => {
      const wakeups = await queue.consumer();
      await wakeups.setSchedule('gone', { everyMilliseconds: TICK_MS });
      await wakeups.setSchedule('stays', { everyMilliseconds: TICK_MS });
      await queue.expectDeliveries(4);
      await wakeups.removeSchedule('gone');
      await wakeups.removeSchedule('gone');
      await sleep(3 * TICK_MS);
      queue.deliveries = [];
      await queue.expectDeliveries(6);
      expect(new Set(queue.idsDelivered())).toEqual(new Set(['stays']));
    });

    it('survives that everybody closes, and ticks for whoever comes next', async () => {
      await (await queue.consumer()).setSchedule('s', { everyMilliseconds: TICK_MS });
      await queue.expectDeliveries(2);
      await queue.closeAll();
      queue.deliveries = [];
      await sleep(3 * TICK_MS);
      expect(queue.deliveries).toEqual([]);
      await queue.consumer();
      await queue.expectNoDoubles(5);
    });

    it('goes on when its handler throws', async () => {
      const wakeups = await queue.consumer(async (wakeup) => {
        await queue.record(wakeup);
        throw new Error('on purpose');
      });
      await wakeups.setSchedule('s', { everyMilliseconds: TICK_MS });
      await queue.expectDeliveries(5);
    });
  });
});
