import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '#kit';
import { TestInstallation } from './installation.js';

const EVERY_SECOND = '* * * * * *';
const queues = [
  ['PostgreSQL', async () => null],
  ['Redis', startRedis],
] as const;

describe.each(queues)('a schedule, the queue on %s', (_name, startQueue) => {
  let windlass: TestInstallation;
  let redis: TestRedis | null = null;

  const schedule = async () =>
    (await windlass.records.schedules.listSchedules(windlass.fleetId, { cursor: null, limit: 1 })).items[0];
  const outcome = async (expected: RegExp, after = 0) => {
    for (const deadline = Date.now() + 60_000; ; await sleep(100)) {
      const { lastOutcome, lastTickAt } = (await schedule()) ?? { lastOutcome: null, lastTickAt: null };
      if (expected.test(lastOutcome ?? '') && (lastTickAt?.getTime() ?? 0) > after) return lastOutcome ?? '';
      if (Date.now() > deadline) throw new Error(`the last tick found: ${lastOutcome}`);
    }
  };

  beforeAll(async () => {
    redis = await startQueue();
    windlass = await TestInstallation.open({ hosts: 2, ...(redis ? { redisUrl: redis.url } : {}) });
    const { id } = await windlass.records.schedules.addSchedule(windlass.fleetId, {
      rotateWhenDaysLeft: 10,
      cron: EVERY_SECOND,
      timeZone: 'Europe/Berlin',
      enabled: true,
    });
    await windlass.schedules.apply(id);
  });

  afterAll(async () => {
    await windlass?.stop();
    await redis?.stop();
  });

  it('does nothing while the CA lives long enough, and says so', async () => {
    expect(await outcome(/not due/)).toMatch(/^\d\d days left, not due before 20\d\d-/);
    expect((await windlass.records.rotations.listRotations({}, { cursor: null, limit: 10 })).items).toEqual(
      [],
    );
  });

  it('survives a restart, and rotates by itself once few days are left', async () => {
    // The CA that this rotation makes lives for one day: from then on the schedule is due.
    await windlass.until(await windlass.rotate(), 'succeeded');
    await windlass.restart();
    const note = await outcome(/^rotation \S+ started/, Date.now());
    expect(note).toContain('at most 10 whole days left');
    const [, rotationId = ''] = /^rotation (\S+)/.exec(note) ?? [];
    const { snapshot } = await windlass.until(rotationId, 'succeeded');
    expect(snapshot.requestedBy).toBe(`schedule ${(await schedule())?.id}`);
  });

  it('ticks no more once it is removed', async () => {
    const { id = '' } = (await schedule()) ?? {};
    await windlass.records.schedules.removeSchedule(windlass.fleetId, id);
    await windlass.parts.wakeups.removeSchedule(id);
    const count = async () =>
      (await windlass.records.rotations.listRotations({}, { cursor: null, limit: 100 })).items.length;
    // A tick that was just running may still have started one.
    await sleep(1_000);
    for (const one of await windlass.parts.rotations.active())
      await windlass.until(one, 'succeeded', 'refused');
    const before = await count();
    await sleep(2_500);
    expect(await count()).toBe(before);
  });
});
