import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRetention } from '../../apps/worker/src/retention-sweep.js';
import { aFleetBody, aHostBody, aSampleBody, aScheduleBody } from './bodies.js';
import { recordFleet } from './recording.js';
import { type Reply, type RunningApi, runApi } from './running-api.js';

let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});

afterAll(() => api?.stop());

const post = (path: string, body: unknown, key: string, as: string = api.adminKey): Promise<Reply> =>
  api.call('POST', path, { body, key: as, headers: { 'Idempotency-Key': key } });
const rotationsOf = async (fleetId: string): Promise<unknown[]> =>
  (await api.call('GET', `/v1/rotations?fleetId=${fleetId}`)).body.items;
const sql = (text: string, ...parameters: unknown[]) => api.installation.dataSource.query(text, parameters);
/** As if its process had been killed a minute ago. */
const expireClaims = () => sql(`UPDATE idempotent_requests SET claimed_until = now() - interval '1 second'`);

describe('a request that is sent again with its Idempotency-Key', () => {
  it('gets the reply of the first time and starts nothing more', async () => {
    const [fleetId, key] = [await recordFleet(api), randomUUID()];
    const first = await post('/v1/rotations', { fleetId }, key);
    const again = await post('/v1/rotations', { fleetId }, key);
    expect([first.status, first.headers['idempotency-replayed']]).toEqual([202, undefined]);
    expect([again.status, again.headers['idempotency-replayed'], again.text]).toEqual([
      202,
      'true',
      first.text,
    ]);
    for (const name of ['location', 'etag', 'content-type'])
      expect(again.headers[name]).toBe(first.headers[name]);
    expect(await rotationsOf(fleetId)).toHaveLength(1);
  });

  it.each([
    ['a fleet', '/v1/fleets', () => aFleetBody()],
    ['one host', '/hosts', async () => aHostBody()],
    ['several hosts', '/hosts', async () => ({ hosts: [aHostBody(), aHostBody()] })],
    ['a sample', '/samples', () => aSampleBody()],
    ['a schedule', '/schedules', async () => aScheduleBody()],
  ])('creates %s once', async (_what, path, body) => {
    const at = path.startsWith('/v1') ? path : `/v1/fleets/${await recordFleet(api, 0)}${path}`;
    const [sent, key] = [await body(), randomUUID()];
    const first = await post(at, sent, key);
    const again = await post(at, sent, key);
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect(again.headers.location).toBe(first.headers.location);
  });

  it('with another body or path is refused, and with the key of somebody else is another one', async () => {
    const [one, two, key] = [await recordFleet(api), await recordFleet(api), randomUUID()];
    expect((await post('/v1/rotations', { fleetId: one }, key)).status).toBe(202);
    for (const reply of [
      await post('/v1/rotations', { fleetId: two }, key),
      await post(`/v1/fleets/${two}/hosts`, { fleetId: one }, key),
    ]) {
      expect([reply.status, reply.body.code]).toEqual([422, 'request.idempotency-mismatch']);
    }
    const other = await api.installation.records.apiKeys.create('operator', `other ${key}`);
    const theirs = await post('/v1/rotations', { fleetId: two }, key, other.key);
    expect([theirs.status, theirs.headers['idempotency-replayed']]).toEqual([202, undefined]);
  });

  it('while it is answered waits, and is answered then', async () => {
    const [fleetId, key] = [await recordFleet(api), randomUUID()];
    const { commands } = api.installation;
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const start = commands.start.bind(commands);
    const slow = vi.spyOn(commands, 'start').mockImplementationOnce(async (asked) => {
      await gate;
      return start(asked);
    });
    const first = post('/v1/rotations', { fleetId }, key);
    await vi.waitFor(() => expect(slow).toHaveBeenCalled());
    const meanwhile = await post('/v1/rotations', { fleetId }, key);
    expect([meanwhile.status, meanwhile.body.code]).toEqual([409, 'request.idempotency-in-flight']);
    expect(meanwhile.headers['retry-after']).toBe('1');
    open();
    expect((await first).status).toBe(202);
    expect((await post('/v1/rotations', { fleetId }, key)).text).toBe((await first).text);
    expect(await rotationsOf(fleetId)).toHaveLength(1);
  });

  it('after it was refused is judged anew', async () => {
    const [fleetId, key] = [await recordFleet(api, 0), randomUUID()];
    expect((await post('/v1/rotations', { fleetId }, key)).body.code).toBe('fleet.no-hosts');
    await api.call('POST', `/v1/fleets/${fleetId}/hosts`, { body: aHostBody() });
    expect((await post('/v1/rotations', { fleetId }, key)).status).toBe(202);
  });

  it('a day later is another one', async () => {
    const [path, key] = [`/v1/fleets/${await recordFleet(api, 0)}/schedules`, randomUUID()];
    const first = await post(path, aScheduleBody(), key);
    await sql(`UPDATE idempotent_requests SET created_at = now() - interval '24 hours 1 second'`);
    const later = await post(path, aScheduleBody(), key);
    expect([later.status, later.headers['idempotency-replayed']]).toEqual([201, undefined]);
    expect(later.body.id).not.toBe(first.body.id);
  });
});

describe('a worker', () => {
  it('removes what was kept a day ago although nobody sends anything more', async () => {
    await post(`/v1/fleets/${await recordFleet(api, 0)}/schedules`, aScheduleBody(), randomUUID());
    await sql(`UPDATE idempotent_requests SET created_at = now() - interval '24 hours 1 second'`);
    const recent = await aFleetBody();
    await sql(
      `INSERT INTO idempotent_requests (actor, key_hash, fingerprint, subject_id, claim_id, claimed_until)
       VALUES ('a test', 'h', $1, gen_random_uuid(), gen_random_uuid(), now())`,
      recent.name,
    );
    const end = startRetention(api.installation, 90);
    await vi.waitFor(async () => {
      expect(await sql('SELECT fingerprint FROM idempotent_requests')).toEqual([
        { fingerprint: recent.name },
      ]);
    });
    await end();
  });
});

describe('a process that dies after the effect and before the reply is kept', () => {
  const dying = () => {
    const requests = api.installation.records.idempotentRequests;
    vi.spyOn(requests, 'keep').mockRejectedValueOnce(new Error('killed'));
    vi.spyOn(requests, 'giveUp').mockRejectedValueOnce(new Error('killed'));
  };

  it('leaves one rotation, which is what the request gets when it is sent again', async () => {
    const [fleetId, key] = [await recordFleet(api), randomUUID()];
    dying();
    expect((await post('/v1/rotations', { fleetId }, key)).status).toBe(500);
    expect((await post('/v1/rotations', { fleetId }, key)).body.code).toBe('request.idempotency-in-flight');
    await expireClaims();
    const again = await post('/v1/rotations', { fleetId }, key);
    expect([again.status, await rotationsOf(fleetId)]).toMatchObject([202, [{ id: again.body.id }]]);
  });

  it('leaves one schedule', async () => {
    const [path, key] = [`/v1/fleets/${await recordFleet(api, 0)}/schedules`, randomUUID()];
    dying();
    expect((await post(path, aScheduleBody(), key)).status).toBe(500);
    await expireClaims();
    const again = await post(path, aScheduleBody(), key);
    expect(again.status).toBe(201);
    expect((await api.call('GET', path)).body.items).toMatchObject([{ id: again.body.id }]);
  });

  it('leaves one fleet, whose name says so', async () => {
    const [body, key] = [await aFleetBody(), randomUUID()];
    dying();
    expect((await post('/v1/fleets', body, key)).status).toBe(500);
    await expireClaims();
    expect((await post('/v1/fleets', body, key)).body.code).toBe('fleet.name-taken');
  });
});

describe('what is kept', () => {
  it('has neither the key nor anything that was sent', async () => {
    const [body, key] = [await aFleetBody(), `planted-key-${randomUUID()}`];
    expect((await post('/v1/fleets', body, key)).status).toBe(201);
    const kept = JSON.stringify(await sql('SELECT * FROM idempotent_requests'));
    expect(kept).toContain(body.name);
    expect(kept).not.toContain('planted-');
  });

  it('is nothing where the reply holds a secret: the header is refused', async () => {
    const body = { role: 'viewer', label: randomUUID() };
    for (const reply of [
      await post('/v1/api-keys', body, randomUUID()),
      await post('/v1/webhooks', { url: 'https://hooks.example/' }, randomUUID()),
      await post(`/v1/webhooks/${randomUUID()}:rotate-secret`, {}, randomUUID()),
    ]) {
      expect([reply.status, reply.body.code]).toEqual([400, 'request.idempotency-not-kept']);
    }
    expect((await api.call('POST', '/v1/api-keys', { body })).status).toBe(201);
  });
});

it.each(['', ' ', 'a b', 'x'.repeat(201), 'ä'])('the key "%s" is none', async (key) => {
  const fleetId = await recordFleet(api);
  const headers = { 'Idempotency-Key': Buffer.from(key).toString('latin1') };
  const reply = await api.call('POST', '/v1/rotations', { body: { fleetId }, headers });
  expect([reply.status, reply.body.code]).toEqual([400, 'request.malformed-idempotency-key']);
});
