import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Wakeup } from '#engine';
import { BullWakeups } from '#queue';
import type { QueueServer } from './wakeups.backends.js';

export const DEADLINE = { timeout: 10_000, interval: 10 };
export const TICK_MS = 100;

type Delivery = Wakeup & { readonly at: number };

/** A queue server, all that opened it, and every wake-up that was handed out. */
export class WatchedQueue {
  deliveries: Delivery[] = [];
  readonly errors: Error[] = [];
  private readonly opened: BullWakeups[] = [];

  constructor(readonly server: QueueServer) {}

  async stop(): Promise<void> {
    await this.closeAll();
    await this.server.stop();
  }

  async open(): Promise<BullWakeups> {
    const wakeups = await BullWakeups.open(this.server.place, (error) => this.errors.push(error));
    this.opened.push(wakeups);
    return wakeups;
  }

  readonly record = async (wakeup: Wakeup): Promise<void> => {
    this.deliveries.push({ ...wakeup, at: Date.now() });
  };

  async consumer(handler = this.record, concurrency = 4): Promise<BullWakeups> {
    const wakeups = await this.open();
    await wakeups.consume(handler, concurrency);
    return wakeups;
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.opened.splice(0).map((wakeups) => wakeups.close()));
  }

  idsDelivered(): string[] {
    return this.deliveries.map(({ id }) => id);
  }

  async expectDeliveries(count: number): Promise<void> {
    await expect.poll(() => this.deliveries.length, DEADLINE).toBeGreaterThanOrEqual(count);
  }

  /** Ticks since now may be at most those of the slots that began since, and the one that was due. */
  async expectNoDoubles(slots: number): Promise<void> {
    const [before, since] = [this.deliveries.length, Date.now()];
    await this.expectDeliveries(before + slots);
    const elapsed = (this.deliveries.at(-1)?.at ?? Number.NaN) - since;
    expect(this.deliveries.length - before).toBeLessThanOrEqual(elapsed / TICK_MS + 2);
  }

  async expectSilence(): Promise<void> {
    const before = this.deliveries.length;
    await sleep(8 * TICK_MS);
    expect(this.deliveries.length).toBe(before);
  }
}
