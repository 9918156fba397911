import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Wakeup } from '#engine';
import { BullWakeups } from '#queue';
import { QUEUE_SERVERS, type QueueServer } from './wakeups.backends.js';

const DEADLINE = { timeout: 10_000, interval: 10 };
const TICK_MS = 100;

type Delivery = Wakeup & { readonly at: number };

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

describe.each(QUEUE_SERVERS)('Wakeups over $name', ({ start }) => {
  let server: QueueServer;
  let opened: BullWakeups[];
  let errors: Error[];
  let deliveries: Delivery[];

  beforeEach(async () => {
    [opened, errors, deliveries] = [[], [], []];
    server = await start();
  });
  afterEach(async () => {
    await Promise.all(opened.map((wakeups) => wakeups.close()));
    await server.stop();
  });

  const open = async (): Promise<BullWakeups> => {
    const wakeups = await BullWakeups.open(server.place, (error) => errors.push(error));
    opened.push(wakeups);
    return wakeups;
  };
  const record = async (wakeup: Wakeup): Promise<void> => {
    deliveries.push({ ...wakeup, at: Date.now() });
  };
  const consumer = async (handler = record, concurrency = 4): Promise<BullWakeups> => {
    const wakeups = await open();
    await wakeups.consume(handler, concurrency);
    return wakeups;
  };
  const closeAll = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map((wakeups) => wakeups.close()));
  };
  const idsDelivered = () => deliveries.map(({ id }) => id);
  const expectDeliveries = (count: number) =>
    expect.poll(() => deliveries.length, DEADLINE).toBeGreaterThanOrEqual(count);

  /** Ticks since now may be at most those of the slots that began since, and the one that was due. */
  const expectNoDoubles = async (slots: number): Promise<void> => {
    const [before, since] = [deliveries.length, Date.now()];
    await expectDeliveries(before + slots);
    const elapsed = (deliveries.at(-1)?.at ?? Number.NaN) - since;
    expect(deliveries.length - before).toBeLessThanOrEqual(elapsed / TICK_MS + 2);
  };
  const expectSilence = async (): Promise<void> => {
    const before = deliveries.length;
    await sleep(8 * TICK_MS);
    expect(deliveries.length).toBe(before);
  };

  describe('a wake-up', () => {
    it('is delivered once, as what it is', async () => {
      const wakeups = await consumer();
      await wakeups.wakeRotation('r1');
      await wakeups.wakeRotation('r2');
      await expectDeliveries(2);
      await expectSilence();
      expect(deliveries.map(({ kind, id }) => ({ kind, id }))).toEqual([
        { kind: 'rotation', id: 'r1' },
        { kind: 'rotation', id: 'r2' },
      ]);
      expect(errors).toEqual([]);
    });

    it('that was added while nobody consumed is delivered later', async () => {
      await (await open()).wakeRotation('early');
      await closeAll();
      await consumer();
      await expectDeliveries(1);
      expect(idsDelivered()).toEqual(['early']);
    });

    it('leaves nothing in the server once it is handled, failed ones too', async () => {
      const wakeups = await consumer(async (wakeup) => {
        await record(wakeup);
        if (wakeup.id === 'bad') throw new Error('on purpose');
      });
      await wakeups.wakeRotation('good');
      await wakeups.wakeRotation('bad');
      await expectDeliveries(2);
      await expect.poll(() => server.payloads(), DEADLINE).toEqual([]);
    });

    it('holds kind and id in the server, and nothing more', async () => {
      const wakeups = await open();
      await wakeups.wakeRotation('now');
      await wakeups.wakeRotation('later', 60_000);
      await wakeups.setSchedule('s', { cron: '0 3 * * *', timeZone: 'Europe/Berlin' });
      const payloads = await server.payloads();
      expect(payloads).toHaveLength(4);
      for (const payload of payloads) expect(Object.keys(payload as object).sort()).toEqual(['id', 'kind']);
      for (const expected of [
        { kind: 'rotation', id: 'now' },
        { kind: 'rotation', id: 'later' },
        { kind: 'schedule', id: 's' },
      ]) {
        expect(payloads).toContainEqual(expected);
      }
    });
  });

  describe('a delayed wake-up', () => {
    it('is delivered once, and not before its time', async () => {
      const wakeups = await consumer();
      const asked = Date.now();
      await wakeups.wakeRotation('r', 400);
      await expectDeliveries(1);
      expect(deliveries[0]?.at).toBeGreaterThanOrEqual(asked + 400);
      await expectSilence();
      expect(idsDelivered()).toEqual(['r']);
    });

    it('is not delivered early because another was asked for a little before it', async () => {
      const wakeups = await consumer();
      const second = Math.ceil(Date.now() / 1000) * 1000 + 1000;
      await wakeups.wakeRotation('r', second + 50 - Date.now());
      await wakeups.wakeRotation('r', second + 900 - Date.now());
      await expect.poll(() => deliveries.at(-1)?.at ?? 0, DEADLINE).toBeGreaterThanOrEqual(second + 900);
    });

    it('collapses with all others of the same rotation and moment', async () => {
      const wakeups = await open();
      const moment = Math.ceil(Date.now() / 1000) * 1000 + 60_050;
      await Promise.all(Array.from({ length: 50 }, () => wakeups.wakeRotation('r', moment - Date.now())));
      await wakeups.wakeRotation('other', moment - Date.now());
      // One, or two where the few milliseconds that the calls take crossed a boundary.
      expect(await server.delayedJobs()).toBeLessThanOrEqual(3);
    });

    it('does not collapse with one of another moment', async () => {
      const wakeups = await open();
      await wakeups.wakeRotation('r', 60_000);
      await wakeups.wakeRotation('r', 90_000);
      expect(await server.delayedJobs()).toBe(2);
    });

    it('asked for by the handler of the one before is never lost', async () => {
      const rounds = 12;
      const wakeups = await open();
      await wakeups.consume(async (wakeup) => {
        await record(wakeup);
        if (deliveries.length < rounds) await wakeups.wakeRotation(wakeup.id, 30);
      }, 1);
      await wakeups.wakeRotation('r', 30);
      await expectDeliveries(rounds);
    });
  });

  describe('a consumer', () => {
    it('has never more handlers at work than it said, and uses them all', async () => {
      const gate = new Gate();
      const wakeups = await consumer(async (wakeup) => {
        await gate.pass();
        await record(wakeup);
      }, 3);
      const ids = Array.from({ length: 12 }, (_, index) => `r${index}`);
      await Promise.all(ids.map((id) => wakeups.wakeRotation(id)));
      await expect.poll(() => gate.crowd, DEADLINE).toBe(3);
      await sleep(300);
      expect(gate.crowd).toBe(3);
      gate.open();
      await expectDeliveries(12);
      expect(idsDelivered().sort()).toEqual([...ids].sort());
    });

    it('reports what a handler throws, and goes on', async () => {
      const wakeups = await consumer(async (wakeup) => {
        if (wakeup.id === 'bad') throw new Error('the handler failed on purpose');
        await record(wakeup);
      }, 1);
      await wakeups.wakeRotation('bad');
      await wakeups.wakeRotation('good');
      await expectDeliveries(1);
      await expect
        .poll(() => errors.map(({ message }) => message))
        .toEqual(['the handler failed on purpose']);
      expect(idsDelivered()).toEqual(['good']);
    });

    it('shares the work with another one, and each wake-up goes to one of them', async () => {
      const shares = [0, 0];
      const takes = (share: 0 | 1) => async (wakeup: Wakeup) => {
        shares[share] = (shares[share] ?? 0) + 1;
        await sleep(20);
        await record(wakeup);
      };
      const wakeups = await consumer(takes(0), 1);
      await consumer(takes(1), 1);
      const ids = Array.from({ length: 30 }, (_, index) => `r${String(index).padStart(2, '0')}`);
      await Promise.all(ids.map((id) => wakeups.wakeRotation(id)));
      await expectDeliveries(30);
      await expectSilence();
      expect(idsDelivered().sort()).toEqual(ids);
      expect(Math.min(...shares)).toBeGreaterThan(0);
    });

    it('closes only after its running handlers, and takes nothing more', async () => {
      const gate = new Gate();
      const wakeups = await consumer(async (wakeup) => {
        await gate.pass();
        await record(wakeup);
      }, 1);
      await wakeups.wakeRotation('running');
      await wakeups.wakeRotation('waiting');
      await expect.poll(() => gate.crowd, DEADLINE).toBe(1);
      const closed = wakeups.close().then(() => idsDelivered());
      await sleep(200);
      expect(deliveries).toEqual([]);
      gate.open();
      expect(await closed).toEqual(['running']);
      await consumer();
      await expectDeliveries(2);
      expect(idsDelivered()).toEqual(['running', 'waiting']);
    });

    it('may be closed twice, also at once, and when it never consumed', async () => {
      const [consuming, idle] = [await consumer(), await open()];
      await Promise.all([consuming.close(), consuming.close(), idle.close()]);
      await consuming.close();
      await idle.close();
    });
  });

  describe('a schedule', () => {
    it('ticks again and again', async () => {
      const wakeups = await consumer();
      await wakeups.setSchedule('s', { everyMilliseconds: TICK_MS });
      await expectDeliveries(5);
      expect(new Set(deliveries.map(({ kind, id }) => `${kind} ${id}`))).toEqual(new Set(['schedule s']));
    });

    it('ticks by a cron pattern with a time zone', async () => {
      const wakeups = await consumer();
      await wakeups.setSchedule('s', { cron: '* * * * * *', timeZone: 'Asia/Kolkata' });
      await expectDeliveries(2);
      const seconds = deliveries.map(({ at }) => Math.floor(at / 1000));
      expect(new Set(seconds).size).toBe(seconds.length);
    });

    it('ticks once for a slot however often it is replaced', async () => {
      const wakeups = await consumer();
      for (let round = 0; round < 5; round += 1) {
        await wakeups.setSchedule('s', { cron: '* * * * * *', timeZone: 'UTC' });
        await wakeups.setSchedule('s', { everyMilliseconds: TICK_MS });
      }
      await expectNoDoubles(12);
      expect(await server.delayedJobs()).toBeLessThanOrEqual(1);
    });

    it('keeps only the newest recurrence', async () => {
      const wakeups = await consumer();
      await wakeups.setSchedule('s', { everyMilliseconds: TICK_MS });
      await expectDeliveries(2);
      await wakeups.setSchedule('s', { cron: '0 0 29 2 *', timeZone: 'UTC' });
      await sleep(3 * TICK_MS);
      await expectSilence();
      expect(await server.delayedJobs()).toBe(1);
    });

    it('never ticks twice for a slot when two consumers share it', async () => {
      const [one] = [await consumer(), await consumer()];
      await one.setSchedule('s', { everyMilliseconds: TICK_MS });
      await expectNoDoubles(15);
    });

    it('may be set by every replica at its start', async () => {
      const replicas = [await consumer(), await consumer(), await consumer()];
      await Promise.all(replicas.map((one) => one.setSchedule('s', { everyMilliseconds: TICK_MS })));
      await expectNoDoubles(12);
    });

    it('ticks no more once it is removed; removing it again is harmless', async () => {
      const wakeups = await consumer();
      await wakeups.setSchedule('gone', { everyMilliseconds: TICK_MS });
      await wakeups.setSchedule('stays', { everyMilliseconds: TICK_MS });
      await expectDeliveries(4);
      await wakeups.removeSchedule('gone');
      await wakeups.removeSchedule('gone');
      await sleep(3 * TICK_MS);
      deliveries = [];
      await expectDeliveries(6);
      expect(new Set(idsDelivered())).toEqual(new Set(['stays']));
    });

    it('survives that everybody closes, and ticks for whoever comes next', async () => {
      await (await consumer()).setSchedule('s', { everyMilliseconds: TICK_MS });
      await expectDeliveries(2);
      await closeAll();
      deliveries = [];
      await sleep(3 * TICK_MS);
      expect(deliveries).toEqual([]);
      await consumer();
      await expectNoDoubles(5);
    });

    it('goes on when its handler throws', async () => {
      const wakeups = await consumer(async (wakeup) => {
        await record(wakeup);
        throw new Error('on purpose');
      });
      await wakeups.setSchedule('s', { everyMilliseconds: TICK_MS });
      await expectDeliveries(5);
    });
  });

  describe('a server', () => {
    it('that breaks all connections and comes back is used again by all who had it open', async () => {
      const [wakeups, producer] = [await consumer(), await open()];
      await wakeups.wakeRotation('before');
      await expectDeliveries(1);
      await server.interrupt();
      await producer.wakeRotation('after', 100);
      await wakeups.wakeRotation('after too');
      await wakeups.setSchedule('s', { everyMilliseconds: TICK_MS });
      await expectDeliveries(5);
      expect(idsDelivered()).toEqual(expect.arrayContaining(['before', 'after', 'after too', 's']));
    });

    it('that is away is reported by open, without its password', async () => {
      const failure = await BullWakeups.open(server.nowhere).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Error);
      expect(String(failure)).not.toContain('secret');
    });
  });
});
