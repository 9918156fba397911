import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { generateApiKey } from '#platform';
import { aFleetBody, aHostBody, aSampleBody } from './bodies.js';
import { ANY_STATE, recordFleet, requestRotation } from './recording.js';
import { type Reply, type RunningApi, runApi } from './running-api.js';
import { openStream } from './sse.js';

let api: RunningApi;
let database: pg.Client;

beforeAll(async () => {
  api = await runApi();
  database = new pg.Client(api.databaseUrl);
  await database.connect();
});

afterAll(async () => {
  await database?.end();
  await api?.stop();
});

let labels = 0;
const make = (over: object = {}) => {
  labels += 1;
  return api.call('POST', '/v1/api-keys', { body: { role: 'operator', label: `key ${labels}`, ...over } });
};
const fromNow = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();
const listed = async (id: string) =>
  (await api.call('GET', '/v1/api-keys')).body.items.find((one: { id: string }) => one.id === id);
const codeOf = ({ status, body }: Reply) => [status, body?.code];

/** Moves the end of a key into the past. */
const expire = (id: string) =>
  database.query(`UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);

describe('a key that expires', () => {
  it('is good before, is told to be over afterwards, and both are listed', async () => {
    const expiresAt = fromNow(3_600_000);
    const { id, key, ...made } = (await make({ expiresAt })).body;
    expect(made.expiresAt).toBe(expiresAt);
    expect((await api.call('GET', '/v1/fleets', { key })).status).toBe(200);
    await expire(id);
    const reply = await api.call('GET', '/v1/fleets', { key });
    expect(codeOf(reply)).toEqual([401, 'request.unauthorised']);
    expect(reply.body.detail).toBe('This API key has expired.');
    expect(reply.headers['www-authenticate']).toBe('Bearer realm="windlass", error="invalid_token"');
    expect(new Date((await listed(id)).expiresAt).getTime()).toBeLessThan(Date.now());
  });

  it('is told apart from one that never was by nobody who has not all of it', async () => {
    const { id, key } = (await make({ expiresAt: fromNow(3_600_000) })).body;
    await expire(id);
    const never = await api.call('GET', '/v1/fleets', { key: generateApiKey() });
    const revoked = (await make()).body;
    await api.call('DELETE', `/v1/api-keys/${revoked.id}`);
    const shown = ({ status, headers, body }: Reply) => {
      const { requestId: _, ...problem } = body;
      return { status, problem, challenge: headers['www-authenticate'] };
    };
    const replies = [key.slice(0, -1), `${key}x`, revoked.key].map((one) =>
      api.call('GET', '/v1/fleets', { key: one }),
    );
    for (const reply of await Promise.all(replies)) expect(shown(reply)).toEqual(shown(never));
  });

  it('is not made of one that is over already, or of a time that is none', async () => {
    for (const expiresAt of [fromNow(-1_000), 'tomorrow', '2030-01-01']) {
      const reply = await make({ expiresAt });
      expect(codeOf(reply)).toEqual([400, 'request.invalid']);
      expect(reply.body.errors).toMatchObject([{ pointer: '#/expiresAt' }]);
    }
  });

  it('of an admin counts no more as somebody who could make keys', async () => {
    const admins = (await api.call('GET', '/v1/api-keys')).body.items.filter(
      (one: { role: string; revokedAt: string | null }) => one.role === 'admin' && one.revokedAt === null,
    );
    expect(admins).toHaveLength(1);
    const over = (await make({ role: 'admin', expiresAt: fromNow(3_600_000) })).body;
    await expire(over.id);
    await make({ role: 'admin', fleetIds: [await recordFleet(api, 0)] });
    const last = `/v1/api-keys/${admins[0].id}`;
    expect(codeOf(await api.call('DELETE', last))).toEqual([409, 'api-key.last-admin']);
    expect((await api.call('DELETE', `/v1/api-keys/${over.id}`)).status).toBe(204);
  });

  it('takes the streams with it that it opened', async () => {
    const rotation = await requestRotation(api, await recordFleet(api));
    const { key } = (await make({ expiresAt: fromNow(6_000) })).body;
    const stream = await openStream(`${api.url}/v1/rotations/${rotation}/events`, key);
    expect((await stream.next())?.event).toBe('rotation.requested');
    expect(await stream.rest()).toEqual([]);
    expect((await api.call('GET', '/v1/fleets', { key })).status).toBe(401);
  });
});

describe('the last use of a key', () => {
  it('is recorded, and once a minute at most', async () => {
    const { id, key, lastUsedAt } = (await make()).body;
    expect(lastUsedAt).toBeNull();
    const use = async () => {
      await api.call('GET', '/v1/fleets', { key });
      return (await listed(id)).lastUsedAt;
    };
    const first = await use();
    expect(first).toEqual(expect.any(String));
    expect(await use()).toBe(first);
    await database.query(`UPDATE api_keys SET last_used_at = now() - interval '61 seconds' WHERE id = $1`, [
      id,
    ]);
    const before = (await listed(id)).lastUsedAt;
    expect(new Date(await use()).getTime()).toBeGreaterThan(new Date(before).getTime());
  });
});

describe('a key that is confined to fleets', () => {
  let [own, foreign]: [string, string] = ['', ''];
  let key = '';

  beforeEach(async () => {
    [own, foreign] = [await recordFleet(api), await recordFleet(api)];
    key = (await make({ fleetIds: [own] })).body.key;
  });

  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object) =>
    api.call(method, path, { key, ...(body ? { body } : {}) });
  const idsIn = ({ body }: Reply) => body.items.map(({ id }: { id: string }) => id);

  it('is made of fleets that there are', async () => {
    expect(codeOf(await make({ fleetIds: [randomUUID()] }))).toEqual([...[404, 'fleet.not-found']]);
    expect((await make({ fleetIds: [] })).status).toBe(400);
    const twice = await make({ fleetIds: [own, own.toUpperCase()] });
    expect(twice.body.fleetIds).toEqual([own]);
  });

  it('does there what its role may', async () => {
    expect((await call('GET', `/v1/fleets/${own}`)).status).toBe(200);
    expect((await call('POST', `/v1/fleets/${own}/hosts`, aHostBody())).status).toBe(201);
    expect((await call('POST', `/v1/fleets/${own}/samples`, await aSampleBody())).status).toBe(201);
    const started = await call('POST', '/v1/rotations', { fleetId: own });
    expect(started.status, started.text).toBe(202);
    const rotation = `/v1/rotations/${started.body.id}`;
    expect((await call('GET', rotation)).status).toBe(200);
    const pause = { key, body: { reason: 'tea' }, headers: ANY_STATE };
    expect((await api.call('POST', `${rotation}:pause`, pause)).status).toBe(202);
    expect((await call('POST', '/v1/fleets', await aFleetBody())).body.code).toBe('request.out-of-scope');
  });

  it('cannot tell a fleet of others from one that never was', async () => {
    const rotation = await requestRotation(api, foreign);
    const [never, host] = [randomUUID(), randomUUID()];
    const told = async (path: string, id: string) => {
      const { status, text } = await call('GET', path.replace('ID', id));
      const { requestId: _, ...problem } = JSON.parse(text);
      return [status, JSON.stringify(problem).replaceAll(id, 'ID')];
    };
    for (const path of ['/v1/fleets/ID', '/v1/fleets/ID/hosts', `/v1/fleets/ID/hosts/${host}`])
      expect(await told(path, foreign)).toEqual(await told(path, never));
    const ways = ['', '?wait=60s', '/events', '/history', '/history?fields=all', '/evidence', '/postmortem'];
    for (const path of ways.map((way) => `/v1/rotations/ID${way}`))
      expect(await told(path, rotation)).toEqual(await told(path, never));
    const start = await call('POST', '/v1/rotations', { fleetId: foreign });
    expect(codeOf(start)).toEqual([404, 'fleet.not-found']);
  });

  it('lists what is in its scope, page by page', async () => {
    const more = await recordFleet(api, 0);
    const { key: of2 } = (await make({ fleetIds: [own, more] })).body;
    expect(idsIn(await call('GET', '/v1/fleets?limit=200'))).toEqual([own]);
    const first = await api.call('GET', '/v1/fleets?limit=1', { key: of2 });
    const rest = await api.call('GET', `/v1/fleets?limit=1&cursor=${first.body.nextCursor}`, { key: of2 });
    expect([...idsIn(first), ...idsIn(rest), rest.body.nextCursor]).toEqual([own, more, null]);
    await requestRotation(api, foreign);
    expect(idsIn(await call('GET', '/v1/rotations'))).toEqual([]);
    const rotation = await requestRotation(api, own);
    expect(idsIn(await call('GET', '/v1/rotations'))).toEqual([rotation]);
    expect(idsIn(await call('GET', `/v1/rotations?fleetId=${foreign}`))).toEqual([]);
  });

  it('learns no name of a host of others that has the address', async () => {
    const { items } = (await api.call('GET', `/v1/fleets/${foreign}/hosts`)).body;
    const { address, port } = items[0];
    const probeTargets = [{ address, port: 8443, serverName: 'edge.test', path: '/' }];
    const body = aHostBody({ address, port, probeTargets });
    const reply = await call('POST', `/v1/fleets/${own}/hosts`, body);
    expect(codeOf(reply)).toEqual([409, 'host.already-enrolled']);
    expect(reply.body.detail).toBe(`${address}:${port} (${body.name}) is enrolled already.`);
    const admin = await api.call('POST', `/v1/fleets/${own}/hosts`, { body });
    expect(admin.body.detail).toContain(items[0].name);
  });
});

describe('an issuing CA of fleets in and out of scope', () => {
  let [own, other]: [string, string] = ['', ''];
  let [alone, both]: [string, string] = ['', ''];

  beforeEach(async () => {
    own = await recordFleet(api);
    const { address, mount } = (await api.call('GET', `/v1/fleets/${own}`)).body.issuingCa;
    other = await recordFleet(api, 1, { issuingCa: { address, mount } });
    alone = (await make({ fleetIds: [own] })).body.key;
    both = (await make({ fleetIds: [own, other] })).body.key;
  });

  const start = (key: string, over: object = {}) =>
    api.call('POST', '/v1/rotations', { key, body: { fleetId: own, together: [other], ...over } });
  const beyond = [403, 'request.out-of-scope'];

  it('is moved by those whose scope has all of them, who alone see the rotation', async () => {
    expect(codeOf(await start(alone))).toEqual([404, 'fleet.not-found']);
    const partly = await start(alone, { together: [] });
    expect(codeOf(partly)).toEqual(beyond);
    expect(partly.text).not.toContain(other);
    const whole = await start(both);
    expect(whole.status, whole.text).toBe(202);
    const rotation = `/v1/rotations/${whole.body.id}`;
    expect((await api.call('GET', rotation, { key: both })).status).toBe(200);
    expect(codeOf(await api.call('GET', rotation, { key: alone }))).toEqual([404, 'rotation.not-found']);
    expect((await api.call('GET', '/v1/rotations', { key: alone })).body.items).toEqual([]);
    expect((await api.call('GET', '/v1/rotations', { key: both })).body.items).toHaveLength(1);
  });

  it('is kept from issuing by those alone', async () => {
    const distrust = { strategy: 'distrust', together: [], anchors: ['ab'.repeat(20)], reason: 'stolen' };
    expect(codeOf(await start(alone, distrust))).toEqual(beyond);
    expect((await start(both, distrust)).body.code).not.toBe('request.out-of-scope');
  });

  it.each([
    ['PATCH', 'issuing-ca', { pinnedRoles: 'move' }],
    ['POST', 'schedules', { kind: 'drift', cron: '0 4 * * *', timeZone: 'Europe/Berlin' }],
  ] as const)('is %s %s of those alone', async (method, what, body) => {
    const path = `/v1/fleets/${own}/${what}`;
    expect(codeOf(await api.call(method, path, { key: alone, body }))).toEqual(beyond);
    const reply = await api.call(method, path, { key: both, body });
    expect(reply.status, reply.text).toBeLessThan(300);
  });

  it('is no matter where a rotation moves the fleet alone', async () => {
    const reply = await start(alone, { strategy: 'sync', together: [] });
    expect(reply.status, reply.text).toBe(202);
  });
});
