import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa } from '#kit';
import { anchorId, anchorsOf, parseBundle } from '#trust';
import { aBundle, aFleetBody, aScheduleBody } from './bodies.js';
import { PlayedWorker } from './played-worker.js';
import { recordFleet, requestRotation } from './recording.js';
import { type Reply, type RunningApi, runApi } from './running-api.js';

const DAY = 86_400_000;

let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});

afterAll(() => api?.stop());

const get = async (path: string, key?: string): Promise<Reply['body']> => {
  const reply = await api.call('GET', path, key ? { key } : {});
  expect(reply.status, reply.text).toBe(200);
  return reply.body;
};
const fleet = (id: string, key?: string) => get(`/v1/fleets/${id}`, key);

async function schedule(fleetId: string, over: Record<string, unknown> = {}): Promise<string> {
  const reply = await api.call('POST', `/v1/fleets/${fleetId}/schedules`, { body: aScheduleBody(over) });
  expect(reply.status, reply.text).toBe(201);
  return reply.body.id;
}

async function confinedTo(label: string, ...fleetIds: string[]): Promise<string> {
  return (await api.installation.records.apiKeys.create('viewer', label, { fleetIds })).key;
}

/** Two fleets that trust one issuing CA. */
async function sharing(): Promise<readonly [string, string]> {
  const { issuingCa } = await aFleetBody();
  const over = { issuingCa, soakSeconds: 0 };
  return [await recordFleet(api, 1, over), await recordFleet(api, 1, over)];
}

describe('a fleet at a glance', () => {
  it('shows whom it trusts, and who of them ends first', async () => {
    const soon = new Date(Math.ceil(Date.now() / 1000) * 1000 + 40 * DAY);
    const partners = await makeCa({ commonName: 'Partners CA', notAfter: soon.getTime() });
    const bundlePem = (await aBundle()) + partners.certificatePem;
    const { anchors, expiresAt } = await fleet(await recordFleet(api, 1, { bundlePem }));
    const expected = anchorsOf(parseBundle(bundlePem)).map((one) => ({
      ...{ id: anchorId(one), subject: one.subject, notAfter: new Date(one.notAfter).toISOString() },
    }));
    expect(anchors).toEqual(expected);
    expect(expiresAt).toBe(soon.toISOString());
  });

  it('is unknown while nobody has looked, and where there is no host', async () => {
    const nobody = { state: 'unknown', checkedAt: null, inSync: 0, drifted: 0 };
    expect((await fleet(await recordFleet(api, 2))).drift).toEqual({ ...nobody, unknown: 2 });
    expect((await fleet(await recordFleet(api, 0))).drift).toEqual({ ...nobody, unknown: 0 });
  });

  it('shows the rotation that has not ended, on every fleet that it moves', async () => {
    const [one, other] = await sharing();
    const body = { fleetId: one, together: [other] };
    const { id } = (await api.call('POST', '/v1/rotations', { body })).body;
    const shown = { id, status: 'pending', phase: 'preflight', strategy: 'overlap' };
    expect([(await fleet(one)).rotation, (await fleet(other)).rotation]).toEqual([shown, shown]);
    expect((await fleet(one, await confinedTo('of one of both', one))).rotation).toBeNull();
    expect((await fleet(one, await confinedTo('of both', one, other))).rotation).toEqual(shown);
    await new PlayedWorker(api.installation, id).play(() => false);
    expect((await fleet(one)).rotation).toBeNull();
  });

  it('shows when a schedule is expected to rotate it: the first of those of all who share its CA', async () => {
    const [one, other] = await sharing();
    expect((await fleet(one)).nextRotation).toBeNull();
    const late = await schedule(one, { rotateWhenDaysLeft: 3 });
    await schedule(one, { rotateWhenDaysLeft: 300, enabled: false });
    const { nextRotation, expiresAt } = await fleet(one);
    expect(nextRotation).toMatchObject({ scheduleId: late, fleetId: one });
    const left = Date.parse(expiresAt) - Date.parse(nextRotation.at);
    // The first tick of a day on which at most three whole days are left.
    expect([left > 2.9 * DAY, left < 4 * DAY]).toEqual([true, true]);
    expect((await fleet(other)).nextRotation).toEqual(nextRotation);
    const early = await schedule(other, { rotateWhenDaysLeft: 20 });
    expect((await fleet(one)).nextRotation).toMatchObject({ scheduleId: early, fleetId: other });
    const own = await confinedTo('of one fleet', one);
    expect((await fleet(one, own)).nextRotation).toEqual(nextRotation);
  });

  it('says nothing of schedules that start nothing: suspended, or for drift', async () => {
    const fleetId = await recordFleet(api);
    const id = await schedule(fleetId, { rotateWhenDaysLeft: 3 });
    await schedule(fleetId, { kind: 'drift', rotateWhenDaysLeft: undefined });
    const rotationId = await requestRotation(api, fleetId);
    await api.installation.dataSource.query(
      `UPDATE schedules SET suspended_at = now(), suspended_rotation_id = $2, suspended_status = 'reverted' WHERE id = $1`,
      [id, rotationId],
    );
    expect((await fleet(fleetId)).nextRotation).toBeNull();
  });

  it('is told of a hundred fleets in as many statements as of one', async () => {
    const fleets: string[] = [];
    for (let made = 0; made < 12; made += 1) fleets.push(await recordFleet(api));
    const counts: number[] = [];
    for (const seen of [fleets.slice(0, 1), fleets]) {
      const key = await confinedTo(`of ${seen.length} fleets to count`, ...seen);
      // The first use of a key is written down.
      expect((await get('/v1/fleets', key)).items).toHaveLength(seen.length);
      counts.push(await statementsOf(() => get('/v1/fleets', key)));
    }
    expect(counts[1]).toBeGreaterThan(3);
    expect(counts[0]).toBe(counts[1]);
  });
});

/** How many statements the pool of the API sends meanwhile. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const { dataSource } = api.installation;
  const original = dataSource.createQueryRunner.bind(dataSource);
  let count = 0;
  dataSource.createQueryRunner = (mode) => {
    const runner = original(mode);
    const query = runner.query.bind(runner) as typeof runner.query;
    runner.query = ((...sent: Parameters<typeof runner.query>) => {
      count += 1;
      return query(...sent);
    }) as typeof runner.query;
    return runner;
  };
  try {
    await work();
  } finally {
    dataSource.createQueryRunner = original;
  }
  return count;
}

describe('GET /v1/schedules', () => {
  it('lists those of all fleets, each with the name of its fleet, in pages', async () => {
    const [first, second] = [await recordFleet(api, 0), await recordFleet(api, 0)];
    const ids = [
      await schedule(second),
      await schedule(first),
      await schedule(second, { jitterSeconds: 60 }),
    ];
    const key = await confinedTo('of two fleets', first, second);
    const pages: Reply['body'][] = [];
    for (let cursor: string | null = ''; cursor !== null; cursor = pages.at(-1)?.nextCursor) {
      pages.push(await get(`/v1/schedules?limit=2${cursor && `&cursor=${cursor}`}`, key));
    }
    const items = pages.flatMap((page) => page.items);
    expect(pages.map((page) => page.items.length)).toEqual([2, 1]);
    expect(items.map(({ id }) => id)).toEqual(ids);
    const { name } = await fleet(second);
    const { fleetName, ...shown } = items[2];
    expect(fleetName).toBe(name);
    expect((await get(`/v1/fleets/${second}/schedules`)).items[1]).toEqual(shown);
  });

  it('leaves out those of fleets that the caller is not confined to', async () => {
    const [own, foreign] = [await recordFleet(api, 0), await recordFleet(api, 0)];
    const [mine] = [await schedule(own), await schedule(foreign)];
    const { items } = await get('/v1/schedules', await confinedTo('of own fleets', own));
    expect(items.map(({ id }: Reply['body']) => id)).toEqual([mine]);
    const all = (await get('/v1/schedules?limit=200')).items;
    expect(all.map(({ fleetId }: Reply['body']) => fleetId)).toEqual(expect.arrayContaining([own, foreign]));
  });
});
