import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateApiKey } from '#platform';
import { PROBLEM_KINDS } from '../../apps/api/src/http/problem-kinds.js';
import { aFleetBody, planted } from './bodies.js';
import { recordFleet } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});

afterAll(() => api?.stop());

const CLOSED = [
  ['GET', '/v1/fleets'],
  ['POST', '/v1/fleets'],
  ['GET', '/v1/fleets/7'],
  ['GET', '/v1/fleets/7/generations'],
  ['POST', '/v1/fleets/7/hosts'],
  ['DELETE', '/v1/fleets/7/hosts/7'],
  ['POST', '/v1/fleets/7/samples'],
  ['POST', '/v1/fleets/7/schedules'],
  ['PATCH', '/v1/fleets/7/schedules/7'],
  ['POST', '/v1/fleets/7/schedules/7:resume'],
  ['GET', '/v1/rotations'],
  ['POST', '/v1/rotations'],
  ['POST', '/v1/rotations/7:abort'],
  ['POST', '/v1/rotations/7:resume'],
  ['POST', '/v1/rotations/7:pause'],
  ['POST', '/v1/rotations/7:retry'],
  ['POST', '/v1/rotations/7/hosts/7:decommission'],
  ['GET', '/v1/rotations/7/events'],
] as const;

describe('keys', () => {
  it.each(CLOSED)('%s %s is closed without one', async (method, path) => {
    const reply = await api.call(method, path, { key: null });
    expect([reply.status, reply.body.code]).toEqual([401, 'request.unauthorised']);
    expect(reply.headers['www-authenticate']).toBe('Bearer realm="windlass"');
  });

  it.each([
    ['an unknown key', `Bearer ${generateApiKey()}`],
    ['another scheme', 'Basic d2w6d2w='],
    ['no key', 'Bearer '],
    ['a very long key', `Bearer ${'x'.repeat(4_000)}`],
    ['two keys', 'Bearer a b'],
  ])('%s opens nothing', async (_what, authorization) => {
    const headers = { Authorization: authorization };
    expect((await api.call('GET', '/v1/fleets', { key: null, headers })).status).toBe(401);
  });

  it('takes no key from the query', async () => {
    expect((await api.call('GET', `/v1/fleets?key=${api.adminKey}`, { key: null })).status).toBe(401);
  });

  it('lets a viewer read and nothing else, before its body is looked at', async () => {
    const { key } = await api.installation.records.apiKeys.create('viewer', 'a viewer');
    expect((await api.call('GET', '/v1/fleets', { key })).status).toBe(200);
    const reply = await api.call('POST', '/v1/fleets', { key, body: {} });
    expect([reply.status, reply.body.code]).toEqual([403, 'request.forbidden']);
    expect(reply.body.nextAction).toBe('Use a key or token of the role operator or admin.');
  });

  it('does not read the body of a stranger', async () => {
    const reply = await api.call('POST', '/v1/fleets', { key: null, body: '{ not json' });
    expect(reply.status).toBe(401);
  });

  it.each(['/livez', '/readyz', '/openapi.json', '/docs'])('%s is open', async (path) => {
    expect((await api.call('GET', path, { key: null })).status).toBe(200);
  });
});

describe('problems', () => {
  it('have one shape, with the request id that the log has', async () => {
    const reply = await api.call('GET', '/v1/fleets/nobody');
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.body).toEqual({
      type: '/problems/fleet.not-found',
      title: 'Fleet not found',
      status: 404,
      detail: 'There is no fleet nobody.',
      instance: '/v1/fleets/nobody',
      code: 'fleet.not-found',
      nextAction: expect.stringMatching(/\w/),
      requestId: reply.headers['x-request-id'],
    });
    const lines = api.logLines.filter((line) => line.includes(reply.body.requestId));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'request', method: 'GET', route: '/v1/fleets/:fleetId', status: 404 },
    ]);
  });

  it('lead by their type to a page that says what to do, without a key', async () => {
    const { type } = (await api.call('GET', '/v1/fleets/nobody')).body;
    const page = await api.call('GET', type, { key: null });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.text).toMatch(/<h1>Fleet not found<\/h1>[\s\S]*List the fleets to find it\./);
    const index = await api.call('GET', '/problems', { key: null });
    for (const code of Object.keys(PROBLEM_KINDS)) expect(index.text).toContain(`"/problems/${code}"`);
    const unknown = await api.call('GET', '/problems/nothing', { key: null });
    expect([unknown.status, unknown.body.code]).toEqual([404, 'problem.not-found']);
  });

  it.each([
    ['cut off', '{"name": "edge", "issuingCa": {"token": "'],
    ['a text', '"text"'],
    ['nothing like it', 'name=edge'],
  ])('a body that is %s is not quoted', async (_what, start) => {
    const secret = planted('body');
    const reply = await api.call('POST', '/v1/fleets', { body: `${start}${secret}` });
    expect([reply.status, reply.body.code]).toEqual([400, 'request.malformed-json']);
    expect(reply.text).not.toContain(secret.slice(0, 8));
    expect(api.logLines.join()).not.toContain(secret.slice(0, 8));
  });

  it.each([
    ['an array', [], '#'],
    ['nothing', undefined, '#'],
  ])('%s as a body is refused', async (_what, body, pointer) => {
    const reply = await api.call('POST', '/v1/fleets', { body });
    expect(reply.body).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
  });

  it('unknown fields are named, those that JavaScript gives a meaning too', async () => {
    const { name, ...others } = await aFleetBody();
    const body = `{"__proto__":{"a":1},"constructor":1,"a/b~c":1,"name":"${name}",${JSON.stringify(others).slice(1)}`;
    const reply = await api.call('POST', '/v1/fleets', { body });
    const pointers = reply.body.errors.map((one: { pointer: string }) => one.pointer);
    expect(pointers).toEqual(['#/__proto__', '#/constructor', '#/a~1b~0c']);
  });

  it.each([
    ['/v1/fleets?limit=0', 'limit'],
    ['/v1/fleets?limit=201', 'limit'],
    ['/v1/fleets?limit=ten', 'limit'],
    ['/v1/fleets?limit=1&limit=2', 'limit'],
    ['/v1/fleets?offset=5', 'offset'],
    ['/v1/fleets/x?verbose=1', 'verbose'],
    ['/v1/rotations?status=asleep', 'status'],
    ['/livez?x=1', 'x'],
  ])('%s names the parameter', async (path, parameter) => {
    const reply = await api.call('GET', path);
    expect(reply.body).toMatchObject({ status: 400, code: 'request.invalid', errors: [{ parameter }] });
  });

  it.each(['abc', 'MTIzNDU', '..', ''])('cursor "%s" is none', async (cursor) => {
    const reply = await api.call('GET', `/v1/rotations?cursor=${cursor}`);
    expect([reply.status, reply.body.code]).toEqual([400, 'page.bad-cursor']);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'a body of type "%s" is not read',
    async (type) => {
      const headers = { 'Content-Type': type };
      const reply = await api.call('POST', '/v1/fleets', { body: '{}', headers });
      expect([reply.status, reply.body.code]).toEqual([415, 'request.unsupported-media-type']);
    },
  );

  it('a body of 6 MB is read, one of more is not, compressed or plain', async () => {
    const sized = async (bytes: number) => {
      const text = JSON.stringify(await aFleetBody());
      return text + ' '.repeat(bytes - text.length);
    };
    const limit = 6 * 1024 * 1024;
    expect((await api.call('POST', '/v1/fleets', { body: await sized(limit) })).status).toBe(201);
    const over = await api.call('POST', '/v1/fleets', { body: await sized(limit + 1) });
    expect([over.status, over.body.code]).toEqual([413, 'request.too-large']);
    const bomb = await fetch(`${api.url}/v1/fleets`, {
      method: 'POST',
      headers: { ...auth(), 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
      body: gzipSync(await sized(limit * 4)),
    });
    expect(bomb.status).toBe(413);
  });

  it.each([
    ['PUT', '/v1/fleets', 'GET, POST'],
    ['PATCH', '/v1/fleets/7', 'GET'],
    ['DELETE', '/v1/rotations/7', 'GET'],
    ['GET', '/v1/rotations/7:abort', 'POST'],
    ['PATCH', '/v1/fleets/7/schedules/7:resume', 'POST'],
    ['POST', '/livez', 'GET'],
  ] as const)('%s %s is told what is served there: %s', async (method, path, allow) => {
    const reply = await api.call(method, path);
    expect([reply.status, reply.headers.allow]).toEqual([405, allow]);
  });

  it.each(['/', '/v1', '/v2/fleets', '/v1/fleets/7/nothing', '/docs/nothing', '/%2e%2e/etc/passwd'])(
    '%s is nowhere',
    async (path) => {
      const reply = await api.call('GET', path);
      expect([reply.status, reply.body.code]).toEqual([404, 'request.unknown-route']);
    },
  );

  it('a path that cannot be decoded is a bad request', async () => {
    expect((await api.call('GET', '/v1/fleets/%E0%A4%A')).status).toBe(400);
  });

  it('ids that are none find nothing, whatever they hold', async () => {
    for (const id of ["'%20OR%201=1", '%00', '0193a1c0-7b3e-7000-8000-000000000000', '%F0%9F%94%91']) {
      for (const path of [`/v1/fleets/${id}`, `/v1/fleets/${id}/hosts/${id}`, `/v1/rotations/${id}`]) {
        expect((await api.call('GET', path)).status).toBe(404);
      }
    }
  });

  it('our own defects say nothing but the request id, which is in the log', async () => {
    const { fleets } = api.installation.records;
    const real = fleets.getFleet;
    fleets.getFleet = () => Promise.reject(new Error('relation "fleets" has no column secret_1'));
    const reply = await api.call('GET', '/v1/fleets/7').finally(() => {
      fleets.getFleet = real;
    });
    expect([reply.status, reply.body.code]).toEqual([500, 'windlass.defect']);
    expect(reply.text).not.toMatch(/secret_1|relation|stack/);
    const line = api.logLines.find((one) => one.includes(reply.body.requestId) && one.includes('secret_1'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 'error', error: { type: 'Error' } });
  });
});

describe('headers', () => {
  it('tell nothing of the software, and forbid caching and cross-origin use', async () => {
    const { headers } = await api.call('GET', '/v1/fleets', { headers: { Origin: 'https://evil.example' } });
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    const preflight = await fetch(`${api.url}/v1/fleets`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('carry the id of the request, given or made', async () => {
    const given = await api.call('GET', '/livez', { headers: { 'X-Request-Id': 'from-the-gateway.7' } });
    expect(given.headers['x-request-id']).toBe('from-the-gateway.7');
    const unusable = await api.call('GET', '/livez', { headers: { 'X-Request-Id': 'a b"c' } });
    expect(unusable.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('fields', () => {
  it('a resume takes none, a deletion neither', async () => {
    const fleetId = await recordFleet(api, 1);
    const resume = await api.call('POST', '/v1/rotations/7:resume', { body: { force: true } });
    expect(resume.body).toMatchObject({ code: 'request.invalid', errors: [{ pointer: '#/force' }] });
    const removal = await api.call('DELETE', `/v1/fleets/${fleetId}/hosts/7`, { body: { force: true } });
    expect(removal.body).toMatchObject({ code: 'request.invalid', errors: [{ pointer: '#/force' }] });
  });
});

function auth() {
  return { Authorization: `Bearer ${api.adminKey}` };
}
