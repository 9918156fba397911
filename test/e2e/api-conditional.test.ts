import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aHostBody, aScheduleBody, planted } from './bodies.js';
import { OneConnection } from './one-connection.js';
import { PlayedWorker } from './played-worker.js';
import { ANY_STATE, recordFleet, requestRotation } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});

afterAll(() => api?.stop());

const get = (path: string, tag?: string) =>
  api.call('GET', path, tag === undefined ? {} : { headers: { 'If-None-Match': tag } });
const ifMatch = (tag: string | undefined) => ({ 'If-Match': tag ?? '' });

/** A fleet with one host and one schedule, and where each is. */
async function places() {
  const fleet = `/v1/fleets/${await recordFleet(api, 0)}`;
  const host = (await api.call('POST', `${fleet}/hosts`, { body: aHostBody() })).headers.location ?? '';
  const made = await api.call('POST', `${fleet}/schedules`, { body: aScheduleBody() });
  return { fleet, host, schedule: made.headers.location ?? '', made };
}

describe('what is read', () => {
  it('has an ETag, and is not sent again to whoever knows it', async () => {
    const { fleet, host } = await places();
    for (const path of ['/v1/fleets', fleet, `${fleet}/hosts`, host, `${fleet}/schedules`, '/v1/api-keys']) {
      const first = await get(path);
      expect(first.headers.etag, path).toMatch(/^"[\w-]{22}(\.[\w-]{22})?"$/);
      const again = await get(path, first.headers.etag);
      expect([again.status, again.text, again.headers.etag], path).toEqual([304, '', first.headers.etag]);
      expect((await get(path, '"another"')).status, path).toBe(200);
    }
  });

  it('has another ETag once anything of it is different', async () => {
    const { fleet } = await places();
    const before = await get(fleet);
    await api.call('POST', `${fleet}/hosts`, { body: aHostBody() });
    const after = await get(fleet, before.headers.etag);
    expect([after.status, after.body.hostCount]).toEqual([200, before.body.hostCount + 1]);
  });
});

describe('If-Match', () => {
  it('of a fleet keeps its CA as it is when the fleet is another one by now', async () => {
    const { fleet } = await places();
    const { etag } = (await get(fleet)).headers;
    await api.call('POST', `${fleet}/hosts`, { body: aHostBody() });
    const change = { method: 'PATCH', path: `${fleet}/issuing-ca`, body: { pinnedRoles: 'move' } } as const;
    const login = {
      ...({ method: 'PUT', path: `${fleet}/issuing-ca/login` } as const),
      body: { token: planted('token') },
    };
    for (const { method, path, body } of [change, login]) {
      const reply = await api.call(method, path, { body, headers: ifMatch(etag) });
      expect([reply.status, reply.body.code]).toEqual([412, 'resource.changed']);
      expect(reply.headers.etag).toBe((await get(fleet)).headers.etag);
      const current = await api.call(method, path, { body, headers: ifMatch(reply.headers.etag) });
      expect(current.status, current.text).toBe(200);
      expect(current.headers.etag).toBe((await get(fleet)).headers.etag);
    }
  });

  it('of a host and a schedule keeps them when they are other ones', async () => {
    const { host, schedule } = await places();
    for (const path of [host, schedule]) {
      const { etag } = (await get(path)).headers;
      const other = await api.call('DELETE', path, { headers: ifMatch('"another"') });
      expect([other.status, other.body.code, other.headers.etag]).toEqual([412, 'resource.changed', etag]);
      expect((await api.call('DELETE', path, { headers: ifMatch('another') })).status).toBe(400);
      expect((await api.call('DELETE', path, { headers: ifMatch(etag) })).status).toBe(204);
    }
  });

  it('of a schedule is of what people set, and not of what its ticks found', async () => {
    const { schedule, made } = await places();
    const { etag } = (await get(schedule)).headers;
    expect(made.headers.etag).toBe(etag);
    const sql = `UPDATE schedules SET last_tick_at = now(), last_outcome = 'looked' WHERE id = $1`;
    await api.installation.dataSource.query(sql, [made.body.id]);
    const ticked = await get(schedule, etag);
    expect([ticked.status, ticked.body.lastOutcome, ticked.headers.etag]).toEqual([200, 'looked', etag]);
    const change = { body: { jitterSeconds: 60 }, headers: ifMatch(etag) };
    const [first, second] = [
      await api.call('PATCH', schedule, change),
      await api.call('PATCH', schedule, change),
    ];
    expect([first.status, second.status, second.headers.etag]).toEqual([200, 412, first.headers.etag]);
    expect((await get(schedule)).headers.etag).toBe(first.headers.etag);
  });

  it('of a schedule is another one once alerts may start it', async () => {
    const { schedule } = await places();
    const { etag } = (await get(schedule)).headers;
    const change = (body: object) => api.call('PATCH', schedule, { body, headers: ifMatch(etag) });
    const [first, second] = [await change({ startOnAlert: true }), await change({ startOnAlert: false })];
    expect([first.status, second.status]).toEqual([200, 412]);
    expect((await get(schedule)).body.startOnAlert).toBe(true);
  });

  it('lets one of two changes that come at once through', async () => {
    const { schedule } = await places();
    const { etag } = (await get(schedule)).headers;
    const changes = [5, 6, 7].map((jitterSeconds) =>
      api.call('PATCH', schedule, { body: { jitterSeconds }, headers: ifMatch(etag) }),
    );
    const statuses = (await Promise.all(changes)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 412, 412]);
  });
});

describe('a read of a rotation that waits', () => {
  const aRotation = async () => {
    const id = await requestRotation(api, await recordFleet(api, 1));
    return { id, path: `/v1/rotations/${id}` };
  };

  it('is answered when the revision changes, and not by mere work', async () => {
    const { id, path } = await aRotation();
    let answered = false;
    const waiting = get(`${path}?wait=60s`, '"1"').finally(() => {
      answered = true;
    });
    const worker = new PlayedWorker(api.installation, id);
    await worker.play((state) => state.effects.size > 2);
    expect(answered).toBe(false);
    const body = { reason: 'tea' };
    expect((await api.call('POST', `${path}:pause`, { body, headers: ANY_STATE })).status).toBe(202);
    expect((await waiting).body).toMatchObject({ revision: 2, status: 'paused' });
  });

  it('is answered at once by another revision, without If-None-Match, and when there is nothing to come', async () => {
    const { id, path } = await aRotation();
    expect((await get(`${path}?wait=60s`, '"0"')).status).toBe(200);
    expect((await get(`${path}?wait=60s`)).status).toBe(200);
    await api.call('POST', `${path}:abort`, { body: { reason: 'enough' }, headers: ANY_STATE });
    await new PlayedWorker(api.installation, id).play(() => false);
    const { etag } = (await get(path)).headers;
    expect((await get(`${path}?wait=60s`, etag)).status).toBe(304);
    expect((await get('/v1/rotations/7?wait=60s', '"1"')).status).toBe(404);
  });

  it('is answered with 304 when the wait is over', async () => {
    const { path } = await aRotation();
    expect((await get(`${path}?wait=1s`, '"1"')).status).toBe(304);
  });

  it('is answered when the key of its caller is over, which opens nothing more', async () => {
    const { path } = await aRotation();
    const bounds = { expiresAt: new Date(Date.now() + 5_000) };
    const { key } = await api.installation.records.apiKeys.create('viewer', 'soon over', bounds);
    const wait = () => api.call('GET', `${path}?wait=60s`, { key, headers: { 'If-None-Match': '"1"' } });
    expect((await wait()).status).toBe(304);
    expect((await wait()).status).toBe(401);
    // Half of what was asked for: an answer at the end of that would come too late.
  }, 30_000);

  it.each(['0s', '61s', '30', '1m', '-1s', ''])('%s is no wait', async (wait) => {
    const reply = await get(`/v1/rotations/7?wait=${wait}`);
    expect(reply.body).toMatchObject({ code: 'request.invalid', errors: [{ parameter: 'wait' }] });
  });

  it('is let go when the caller goes, and when the API stops', async () => {
    const own = await runApi();
    const id = await requestRotation(own, await recordFleet(own, 1));
    const watched = vi.spyOn(own.installation.parts.journal, 'onAppend');
    const gone = new AbortController();
    const headers = { Authorization: `Bearer ${own.adminKey}`, 'If-None-Match': '"1"' };
    const left = fetch(`${own.url}/v1/rotations/${id}?wait=60s`, { headers, signal: gone.signal });
    await vi.waitFor(() => expect(watched).toHaveBeenCalledTimes(1));
    gone.abort();
    await expect(left).rejects.toThrow();
    const stays = fetch(`${own.url}/v1/rotations/${id}?wait=60s`, { headers });
    await vi.waitFor(() => expect(watched).toHaveBeenCalledTimes(2));
    await own.stop();
    expect((await stays).status).toBe(304);
  });

  it('asked again on the same connection keeps no API that stops from its end', async () => {
    const own = await runApi();
    const id = await requestRotation(own, await recordFleet(own, 1));
    const watched = vi.spyOn(own.installation.parts.journal, 'onAppend');
    const headers = { Authorization: `Bearer ${own.adminKey}`, 'If-None-Match': '"1"' };
    const connection = new OneConnection(own.url, headers);
    const ask = () => connection.get(`/v1/rotations/${id}?wait=60s`);
    const first = ask();
    await vi.waitFor(() => expect(watched).toHaveBeenCalledTimes(1));
    const again = ask();
    await own.stop();
    expect([await first, await again]).toMatchObject([
      { status: 304, headers: { connection: 'keep-alive' } },
      { status: 304, headers: { connection: 'close' } },
    ]);
    connection.close();
    // Far less than a read may wait.
  }, 30_000);
});
