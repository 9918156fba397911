import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Wakeups } from '#engine';
import { startRedis, type TestRedis } from '#kit';
import type { RigProcess } from './process.js';
import { Rig } from './rig.js';

const queues = [
  ['PostgreSQL', async () => null],
  ['Redis', startRedis],
] as const;

describe.each(queues)('the queue on %s', (_name, startQueue) => {
  let rig: Rig;
  let redis: TestRedis | null = null;
  let workers: readonly RigProcess[];
  let fleetId: string;

  const [first, second] = [() => workers[0] as RigProcess, () => workers[1] as RigProcess];
  const flush = async () => {
    if (!redis) return rig.sql('TRUNCATE bullmq.job CASCADE');
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
  };

  beforeAll(async () => {
    redis = await startQueue();
    rig = await Rig.open({ soakSeconds: 4, ...(redis ? { redisUrl: redis.url } : {}) });
    workers = [await rig.process('first'), await rig.process('second')];
    fleetId = await rig.record(first());
    for (const worker of workers) await worker.work();
  });

  afterAll(async () => {
    await rig?.stop();
    await redis?.stop();
  });

  it('F07: loses everything while nothing but a wake-up would go on: the sweeper looks again', async () => {
    const id = await rig.rotate(first(), fleetId);
    await rig.until(first(), id, ({ phase }) => phase === 'soak');
    const { sequence } = await quiet(id);
    await flush();
    expect((await first().commands.read(id)).sequence).toBe(sequence);
    const state = await rig.ended(first(), id);
    expect(state.ended?.status).toBe('succeeded');
    expect(await rig.audit(first(), id)).toEqual([]);
  });

  it('F08: every job is there four times, for two workers at once: nothing is done twice', async () => {
    const reloads = rig.hosts.map((host) => host.reloads);
    const undo = workers.map(({ parts }) => repeatWakeups(parts.wakeups, 4));
    const id = await rig.rotate(first(), fleetId);
    const state = await rig.ended(second(), id);
    for (const one of undo) one();
    expect(state.ended?.status).toBe('succeeded');
    expect([...state.effects.values()].map(({ attempts }) => attempts)).toEqual(
      [...state.effects.values()].map(() => 1),
    );
    expect(rig.hosts.map((host, index) => host.reloads - (reloads[index] ?? 0))).toEqual([2, 2, 2]);
    expect(await rig.audit(first(), id)).toEqual([]);
    expect(workers.flatMap(({ errors }) => errors)).toEqual([]);
  });

  /** The rotation once it has written nothing for a while: nobody drives it any more. */
  async function quiet(id: string) {
    for (let state = await first().commands.read(id); ; ) {
      await rig.time.sleep(500);
      const next = await first().commands.read(id);
      if (next.sequence === state.sequence) return next;
      state = next;
    }
  }
});

/** Puts each wake-up there so many times. Returns the way back. */
function repeatWakeups(wakeups: Wakeups, times: number): () => void {
  const { wakeRotation, wakeBatch } = wakeups;
  wakeups.wakeRotation = async (...args) => {
    await Promise.all(Array.from({ length: times }, () => wakeRotation.apply(wakeups, args)));
  };
  wakeups.wakeBatch = async (...args) => {
    await Promise.all(Array.from({ length: times }, () => wakeBatch.apply(wakeups, args)));
  };
  return () => Object.assign(wakeups, { wakeRotation, wakeBatch });
}
