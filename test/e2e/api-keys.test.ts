import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANY_STATE, recordFleet, requestRotation } from './recording.js';
import { type Reply, type RunningApi, runApi } from './running-api.js';

let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});

afterAll(() => api?.stop());

const make = (body: object, key?: string) =>
  api.call('POST', '/v1/api-keys', { body, ...(key ? { key } : {}) });
const list = async (): Promise<Reply['body'][]> => (await api.call('GET', '/v1/api-keys')).body.items;
const revoke = (id: string) => api.call('DELETE', `/v1/api-keys/${id}`);

async function keyOf(role: string, label: string): Promise<string> {
  const reply = await make({ role, label });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.body.key;
}

describe('API keys', () => {
  it('are shown once, work at once, and are listed without their text', async () => {
    const reply = await make({ role: 'operator', label: 'ana' });
    expect(reply.status, reply.text).toBe(201);
    const { key, lastUsedAt: _, ...shown } = reply.body;
    expect(key).toMatch(/^wl_[\w-]{43}$/);
    expect(shown).toMatchObject({ role: 'operator', label: 'ana', revokedAt: null });
    expect((await api.call('GET', '/v1/fleets', { key })).status).toBe(200);
    expect(await list()).toContainEqual({ ...shown, lastUsedAt: expect.any(String) });
    expect(JSON.stringify(await list())).not.toContain(key);
    expect(api.logLines.join('')).not.toContain(key);
  });

  it('open nothing once they are revoked, stay in the list, and free their label', async () => {
    const { id, key } = (await make({ role: 'viewer', label: 'leaver' })).body;
    expect((await make({ role: 'viewer', label: 'leaver' })).body).toMatchObject({
      ...{ status: 409, code: 'api-key.label-taken' },
    });
    expect((await revoke(id)).status).toBe(204);
    expect((await api.call('GET', '/v1/fleets', { key })).status).toBe(401);
    expect((await list()).find((one) => one.id === id).revokedAt).toEqual(expect.any(String));
    expect((await revoke(id)).body).toMatchObject({ status: 404, code: 'api-key.not-found' });
    expect((await make({ role: 'viewer', label: 'leaver' })).status).toBe(201);
  });

  it('of the last admin cannot be revoked', async () => {
    const [first] = (await list()).filter(({ role }) => role === 'admin');
    expect((await revoke(first.id)).body).toMatchObject({ status: 409, code: 'api-key.last-admin' });
    const { id } = (await make({ role: 'admin', label: 'second admin' })).body;
    expect((await revoke(id)).status).toBe(204);
    expect((await revoke('nobody')).status).toBe(404);
  });

  it.each([
    ['a role that there is not', { role: 'root', label: 'x' }],
    ['no label', { role: 'viewer', label: '' }],
    ['a key of the own making', { role: 'viewer', label: 'x', key: 'wl_mine' }],
  ])('are refused with %s', async (_, body) => {
    expect((await make(body)).body).toMatchObject({ status: 400, code: 'request.invalid' });
  });
});

describe('who somebody is', () => {
  const self = async (key: string) => (await api.call('GET', '/v1/self', { key })).body;

  it('is told to whoever has a key, with what the key may and until when', async () => {
    const fleet = await recordFleet(api, 0);
    const bounds = { fleetIds: [fleet], expiresAt: '2099-01-01T00:00:00.000Z' };
    const made = (await make({ role: 'viewer', label: 'wall screen', ...bounds })).body;
    expect(await self(made.key)).toEqual({
      ...{ actor: `api-key:${made.id} (wall screen)`, kind: 'api-key' },
      ...{ role: 'viewer', roles: ['viewer'], fleets: [fleet], until: bounds.expiresAt },
    });
  });

  it('has no fleets and no end where the key has neither', async () => {
    const key = await keyOf('approver', 'second person');
    expect(await self(key)).toMatchObject({ role: 'approver', fleets: null, until: null });
  });
});

describe('what the roles may do', () => {
  const ways = {
    read: (key: string) => api.call('GET', '/v1/rotations', { key }),
    change: (key: string) => api.call('POST', '/v1/rotations/nobody:resume', { key, headers: ANY_STATE }),
    approve: (key: string) =>
      api.call('POST', '/v1/rotations/nobody:approve', {
        key,
        headers: ANY_STATE,
        body: { trustDiffDigest: '0'.repeat(64) },
      }),
    'make keys': (key: string) => make({ role: 'viewer', label: `by ${key.slice(-6)}` }, key),
    'see keys': (key: string) => api.call('GET', '/v1/api-keys', { key }),
  };

  it.each([
    ['viewer', ['read']],
    ['operator', ['read', 'change']],
    ['approver', ['read', 'approve']],
    ['admin', ['read', 'change', 'approve', 'make keys', 'see keys']],
  ])('%s', async (role, may) => {
    const key = await keyOf(role, `a ${role}`);
    const allowed = [];
    for (const [what, ask] of Object.entries(ways)) {
      const { status } = await ask(key);
      if (status !== 403) allowed.push(what);
    }
    expect(allowed).toEqual(may);
  });

  it('what somebody asked for is recorded under the id and the label of the key', async () => {
    const { id, key } = (await make({ role: 'operator', label: 'ben' })).body;
    const rotation = await requestRotation(api, await recordFleet(api));
    const paused = await api.call('POST', `/v1/rotations/${rotation}:pause`, {
      key,
      headers: ANY_STATE,
      body: { reason: 'tea' },
    });
    expect(paused.body.paused.by).toBe(`api-key:${id} (ben)`);
  });
});
