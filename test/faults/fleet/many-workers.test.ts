import { afterEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from '#engine';
import { startRedis, type TestRedis } from '#kit';
import { FaultyFleet } from './faulty-fleet.js';
import type { WorkerProcess } from './worker-process.js';

/** Each host but the canary in a batch of its own, so that there is something to share. */
const HOSTS = 9;
const BATCH_SIZE = 1;
const WORKERS = 4;
const PATIENCE = { timeout: 60_000, interval: 10 };

let fleet: FaultyFleet | null = null;
let redis: TestRedis | null = null;

afterEach(async () => {
  await fleet?.stop();
  await redis?.stop();
  [fleet, redis] = [null, null];
});

/** Hosts that each pid has told to switch, behind the canary, with no answer written down yet. */
function underWay(journal: readonly JournalEntry[]): ReadonlyMap<number, readonly string[]> {
  const pids = new Map<number, number>();
  const open = new Map<string, number>();
  for (const { event } of journal) {
    if (event.type === 'term.taken') pids.set(event.term, pidOf(event.holder));
    if (event.type === 'effect.intended' && isCommit(event.effect.id)) {
      open.set(event.effect.id, pids.get(event.term ?? -1) ?? 0);
    }
    if (event.type === 'effect.succeeded') open.delete(event.effectId);
  }
  const byPid = new Map<number, string[]>();
  for (const [effectId, pid] of open) byPid.set(pid, [...(byPid.get(pid) ?? []), effectId]);
  return byPid;
}

const isCommit = (effectId: string) => effectId.startsWith('expand.1/host.commit/');

/** A holder is named by its machine, its pid and something random. */
const pidOf = (holder: string) => Number(/-(\d+)-[0-9a-f]{8}$/.exec(holder)?.[1]);

/** Waits until two workers are in the middle of switching hosts, and kills both. Returns what they left behind. */
async function killTwoInMidCommit(on: FaultyFleet, id: string, workers: readonly WorkerProcess[]) {
  const busy = async () =>
    [...underWay(await on.windlass.parts.journal.read(id)).keys()].flatMap(
      (pid) => workers.find((worker) => worker.pid === pid) ?? [],
    );
  await expect.poll(async () => (await busy()).length, PATIENCE).toBeGreaterThanOrEqual(2);
  const victims = (await busy()).slice(0, 2);
  await Promise.all(victims.map((worker) => worker.end()));
  const left = underWay(await on.windlass.parts.journal.read(id));
  return victims.flatMap(({ pid }) => left.get(pid ?? 0) ?? []);
}

describe.each(['PostgreSQL', 'Redis'])('F01: four workers share one rotation, its queue on %s', (queue) => {
  it('two are killed while they switch hosts, and no host is lost or switched twice', async () => {
    redis = queue === 'Redis' ? await startRedis() : null;
    fleet = await FaultyFleet.open({ hosts: HOSTS, ...(redis ? { redisUrl: redis.url } : {}) });
    const workers: WorkerProcess[] = [];
    for (let count = 0; count < WORKERS; count += 1) workers.push(await fleet.worker());
    const id = await fleet.rotate(undefined, BATCH_SIZE);
    const orphans = await killTwoInMidCommit(fleet, id, workers);
    expect(orphans).not.toEqual([]);

    const { ended } = await fleet.expectOneSide(id);
    const events = await fleet.events(id);
    const switched = events.flatMap((event) =>
      event.type === 'effect.succeeded' && isCommit(event.effectId) ? [event.effectId] : [],
    );
    expect(switched).toEqual([...new Set(switched)]);
    expect(switched.length).toBe(ended?.status === 'succeeded' ? HOSTS : switched.length);
    // One reload for each of the two transitions, or for the switch and its way back: never one more.
    const reloads = fleet.hosts.map(
      (host) => (host.readFile('var/log/nginx/error.log').match(/\(SIGHUP\).* reconfiguring/g) ?? []).length,
    );
    if (ended?.status === 'succeeded') expect(reloads).toEqual(fleet.hosts.map(() => 2));
    else for (const count of reloads) expect(count).toBeLessThanOrEqual(2);
  });
});
