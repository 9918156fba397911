import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, ApiProblem, type components, connect } from '#api-client';
import { aHostBody } from './bodies.js';
import { recordFleet } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;
let client: ApiClient;

beforeAll(async () => {
  api = await runApi();
  client = connect({ url: api.url, key: api.adminKey });
});

afterAll(() => api?.stop());

describe('the client', () => {
  it('takes and gives what the document says', async () => {
    const path = { fleetId: await recordFleet(api, 0) };
    const body = aHostBody() as components['schemas']['NewHost'];
    const { response } = await client.POST('/v1/fleets/{fleetId}/hosts', { params: { path }, body });
    expect(response.headers.get('location')).toMatch(`/v1/fleets/${path.fleetId}/hosts/`);
    const { data } = await client.GET('/v1/fleets/{fleetId}', { params: { path } });
    expect(data?.hostCount).toBe(1);
    const listed = await client.GET('/v1/fleets', { params: { query: { limit: 1 } } });
    expect(listed.data?.items.map(({ name }) => name)).toHaveLength(1);
  });

  it('changes what was read by way of a proxy that calls its ETag weak', async () => {
    const fleetId = await recordFleet(api, 1);
    const { data } = await client.GET('/v1/fleets/{fleetId}/hosts', { params: { path: { fleetId } } });
    const path = { fleetId, hostId: data?.items[0]?.id ?? '' };
    const { response } = await client.GET('/v1/fleets/{fleetId}/hosts/{hostId}', { params: { path } });
    const remove = (tag: string) =>
      client.DELETE('/v1/fleets/{fleetId}/hosts/{hostId}', {
        params: { path, header: { 'If-Match': tag } },
      });
    await expect(remove('W/"another"')).rejects.toMatchObject({ problem: { code: 'resource.changed' } });
    expect((await remove(`W/${response.headers.get('etag')}`)).response.status).toBe(204);
  });

  it('starts a rotation, stops it as it was read, and sees what changed', async () => {
    const fleetId = await recordFleet(api, 1);
    const header = { 'Idempotency-Key': crypto.randomUUID() };
    const ask = () => client.POST('/v1/rotations', { params: { header }, body: { fleetId } });
    const [first, again] = [await ask(), await ask()];
    expect(again.response.headers.get('idempotency-replayed')).toBe('true');
    const path = { rotationId: first.data && 'id' in first.data ? first.data.id : '' };
    const tag = first.response.headers.get('etag') ?? '';
    const same = await client.GET('/v1/rotations/{rotationId}', {
      params: { path, header: { 'If-None-Match': tag } },
    });
    expect(same.response.status).toBe(304);
    const paused = await client.POST('/v1/rotations/{rotationId}:pause', {
      params: { path, header: { 'If-Match': tag } },
      body: { reason: 'tea' },
    });
    expect(paused.data?.status).toBe('paused');
  });

  it('rejects with the problem that the API names', async () => {
    const path = { fleetId: 'nobody' };
    const error = await client.GET('/v1/fleets/{fleetId}', { params: { path } }).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(ApiProblem);
    expect(error).toMatchObject({
      ...{ name: 'ApiProblem', code: 'fleet.not-found', status: 404, retryAfterMs: null },
      ...{ problem: { type: '/problems/fleet.not-found', instance: '/v1/fleets/nobody' } },
      message: 'fleet.not-found: There is no fleet nobody. List what there is and take the id from there.',
    });
    const stranger = connect({ url: api.url, key: 'nobody' }).GET('/v1/fleets');
    await expect(stranger).rejects.toMatchObject({ code: 'request.unauthorised' });
  });

  it('says how long to wait where the same may be sent again', async () => {
    const { fleets } = api.installation.records;
    const real = fleets.getFleet;
    const { PortError } = await import('#engine');
    const away = { code: 'database.unreachable', message: 'It is away.', nextStep: 'Wait.' };
    fleets.getFleet = () => Promise.reject(new PortError(away, { transient: true }));
    const asked = client.GET('/v1/fleets/{fleetId}', { params: { path: { fleetId: '7' } } });
    await expect(asked).rejects.toMatchObject({ status: 503, retryAfterMs: 5_000 });
    fleets.getFleet = real;
  });
});

describe('what is not Windlass', () => {
  const seen: (string | undefined)[] = [];
  const other = createServer((request, response) => {
    seen.push(request.headers.authorization);
    if (request.url === '/v1/fleets') response.writeHead(302, { Location: '/elsewhere' }).end();
    else response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad Gateway</h1>');
  });

  beforeAll(() => new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve)));
  afterAll(() => other.close());
  const reach = () => {
    const { port } = other.address() as AddressInfo;
    return connect({ url: `http://127.0.0.1:${port}`, key: 'secret' });
  };

  it('is told apart from the API', async () => {
    await expect(reach().GET('/v1/rotations')).rejects.toThrow(
      'GET /v1/rotations was answered with 502 by something that is not Windlass.',
    );
  });

  it('does not send the key on', async () => {
    seen.length = 0;
    await expect(reach().GET('/v1/fleets')).rejects.toThrow();
    expect(seen).toEqual(['Bearer secret']);
  });
});
