import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '#kit';
import type { Reply } from './running-api.js';
import { ServedFleet } from './served-fleet.js';

const BUNDLE = 'etc/nginx/trust/client-ca.pem';
const EVERY_SECOND = '* * * * * *';
const LONGEST_MS = 60_000;

let redis: TestRedis;
let served: ServedFleet;
let path: string;

beforeAll(async () => {
  redis = await startRedis();
  served = await ServedFleet.open(2, { redisUrl: redis.url });
  path = `/v1/fleets/${await served.record({ contractWhen: 'soaked', caTtlSeconds: 31 * 86_400 })}/schedules`;
});

afterAll(async () => {
  await served?.stop();
  await redis?.stop();
});

const add = async (body: object): Promise<string> => {
  const reply = await served.api.call('POST', path, { body: { cron: EVERY_SECOND, ...body } });
  expect(reply.status, reply.text).toBe(201);
  return `${path}/${reply.body.id}`;
};

/** The schedule as the API shows it, once `reached` says so. */
async function until(at: string, reached: (schedule: Reply['body']) => boolean): Promise<Reply['body']> {
  for (const deadline = Date.now() + LONGEST_MS; ; await sleep(100)) {
    const { body } = await served.api.call('GET', at);
    if (reached(body)) return body;
    if (Date.now() > deadline) throw new Error(JSON.stringify(body));
  }
}

describe('a fleet that looks after itself', () => {
  let drift: string;
  let rotate: string;
  let refusedId: string;

  it('reports the host that somebody edited', async () => {
    drift = await add({ kind: 'drift' });
    const well = await until(drift, ({ lastDrift }) => lastDrift !== null);
    expect(well).toMatchObject({ lastDrift: { inSync: true, hosts: 2, out: [] }, dueAt: null });
    const [first] = served.hosts;
    first?.writeFile(BUNDLE, `# edited\n${first.readFile(BUNDLE)}`);
    const found = await until(drift, ({ lastDrift }) => !lastDrift.inSync);
    expect(found.lastDrift.out).toMatchObject([
      { host: 'host-1', state: 'drifted', problems: [{ code: 'host.drift' }] },
    ]);
    expect(found.lastOutcome).toBe('not in sync with generation 1: of 2 hosts 1 drifted (host-1)');
  });

  it('stops and asks when what it started was refused', async () => {
    rotate = await add({ rotateWhenDaysLeft: 29 });
    const stopped = await until(rotate, ({ suspended }) => suspended !== null);
    refusedId = stopped.suspended.rotationId;
    expect(stopped.suspended.reason).toMatchObject({ code: 'schedule.suspended' });
    expect(stopped.explanation).toContain(
      `Rotation ${refusedId}, which this schedule started, ended as refused.`,
    );
    expect(stopped.explanation).toContain('resume the schedule with a reason');
    const { items } = (await served.api.call('GET', '/v1/rotations')).body;
    expect(items.map(({ id }: Reply['body']) => id)).toEqual([refusedId]);
  });

  it('goes on once a person says so, for as long as it is wanted', async () => {
    const [first] = served.hosts;
    first?.writeFile(BUNDLE, first.readFile(BUNDLE).replace('# edited\n', ''));
    const resumed = await served.api.call('POST', `${rotate}:resume`, {
      body: { reason: 'the edit is gone' },
    });
    expect(resumed.body).toMatchObject({
      suspended: null,
      resumed: { by: expect.stringMatching(/^api-key:/), reason: 'the edit is gone' },
    });
    const { lastOutcome } = await until(
      rotate,
      (schedule) =>
        /^rotation \S+ started/.test(schedule.lastOutcome) && !schedule.lastOutcome.includes(refusedId),
    );
    const [, rotationId = ''] = /^rotation (\S+)/.exec(lastOutcome) ?? [];
    const held = await until(drift, (schedule) => schedule.lastOutcome.startsWith('held'));
    expect(held.lastOutcome).toBe(
      `held: rotation ${rotationId} works on the fleet, so its hosts differ by design`,
    );
    expect((await served.ended(rotationId)).status).toBe('succeeded');
    const after = await until(rotate, (schedule) => schedule.lastOutcome.includes('not due'));
    expect(after).toMatchObject({ suspended: null, dueAt: expect.any(String) });
    expect(Date.parse(after.dueAt)).toBeGreaterThan(Date.now());
  });

  it('puts right what somebody edited', async () => {
    const repair = await add({ kind: 'drift', repair: true });
    await until(repair, ({ lastDrift }) => lastDrift?.inSync);
    const [first] = served.hosts;
    const right = served.bundles();
    first?.writeFile(BUNDLE, `# edited\n${right[0]}`);
    const { lastOutcome } = await until(repair, (schedule) =>
      /^rotation \S+ started/.test(schedule.lastOutcome),
    );
    const [, rotationId = ''] = /^rotation (\S+)/.exec(lastOutcome) ?? [];
    const ended = await served.ended(rotationId);
    expect(ended, ended.explanation).toMatchObject({
      ...{ status: 'succeeded', strategy: 'sync', requestedBy: `schedule ${repair.split('/').at(-1)}` },
      reason: expect.stringMatching(/1 drifted \(host-1\)/),
    });
    expect(served.bundles()).toEqual(right);
    const well = await until(repair, ({ lastDrift }) => lastDrift.inSync);
    expect(well).toMatchObject({ repair: true, suspended: null });
  });
});
