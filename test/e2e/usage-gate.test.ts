import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANY_STATE, requestRotation } from './recording.js';
import { type Reply } from './running-api.js';
import { ServedFleet } from './served-fleet.js';

let served: ServedFleet;
let fleetId: string;

beforeAll(async () => {
  served = await ServedFleet.open(2);
});

afterAll(() => served?.stop());

/** A client gets a certificate from the CA of today; returns it. */
async function enrol(commonName: string, role = 'clients'): Promise<string> {
  const { data } = await served.askVault('POST', `pki/issue/${role}`, { common_name: commonName, ttl: '1h' });
  return String(data.certificate);
}

async function verb(rotationId: string, what: string, body?: object): Promise<Reply> {
  const path = `/v1/rotations/${rotationId}:${what}`;
  return served.api.call('POST', path, { headers: ANY_STATE, ...(body ? { body } : {}) });
}

const closed = ({ gate }: Reply['body']) => gate.open === false;

/** A rotation of a fleet of its own, once its gate was judged and found closed. */
async function heldBack(): Promise<{ id: string; rotation: Reply['body'] }> {
  if (fleetId) await served.disband(fleetId);
  fleetId = await served.record({ bundlePem: served.bundles()[0] });
  const id = await requestRotation(served.api, fleetId);
  return { id, rotation: await served.until(id, closed) };
}

describe('a contract', () => {
  it('is held back by one client of the old CA, who is named, and goes on when it is gone', async () => {
    const certificate = await enrol('till-7');
    const { id, rotation } = await heldBack();
    expect(rotation).toMatchObject({ status: 'running', phase: 'soak' });
    expect(rotation.gate).toMatchObject({
      ...{ open: false, count: 1, override: null, users: [{ name: 'CN=till-7' }] },
      because: expect.stringMatching(/^1 client may still use CN=.*: CN=till-7$/),
    });
    expect(rotation.gate.opensAt).toBe(rotation.gate.users[0].until);
    expect(rotation.explanation).toMatch(/The old CA is kept, because 1 client .*till-7.* Next: let these/);
    expect(rotation.hosts.map(({ serving }: Reply['body']) => serving)).toEqual(['overlap', 'overlap']);

    await served.askVault('POST', 'pki/revoke', { certificate });
    expect((await verb(id, 'retry')).status).toBe(202);
    const ended = await served.ended(id);
    expect(ended).toMatchObject({ status: 'succeeded', gate: { open: true, count: 0 } });
    const [contract] = ended.decisions.filter(({ kind }: Reply['body']) => kind === 'contract');
    expect(contract.because).toMatch(/the CA lists no certificate of CN=.* that is still valid/);
  });

  it('goes on when a person takes it upon themselves, with the reason on record', async () => {
    await enrol('scrapped');
    const { id } = await heldBack();
    const reply = await verb(id, 'override', { reason: 'the device was scrapped' });
    expect(reply.status, reply.text).toBe(202);
    const ended = await served.ended(id);
    expect(ended.status, ended.explanation).toBe('succeeded');
    expect(ended.gate.override).toMatchObject({ because: 'the device was scrapped' });
    const [contract] = ended.decisions.filter(({ kind }: Reply['body']) => kind === 'contract');
    expect(contract.because).toMatch(/opened the gate: the device was scrapped/);
    const late = await verb(id, 'override', { reason: 'again' });
    expect(late.body).toMatchObject({ status: 409, code: 'rotation.ended' });
  });

  it('is held back while nobody knows who holds a certificate', async () => {
    const role = { allow_any_name: true, key_type: 'ec', key_bits: 256, max_ttl: '2h' };
    await served.askVault('POST', 'pki/roles/robots', { ...role, no_store: true });
    await enrol('robot', 'robots');
    const { id, rotation } = await heldBack();
    expect(rotation.gate).toMatchObject({ open: false, count: 0, users: [] });
    expect(rotation.gate.because).toMatch(
      /nobody knows who still uses CN=.*: .* role robots issues \(no_store\)/,
    );
    expect(Date.parse(rotation.gate.opensAt)).toBeGreaterThan(Date.now() + 3600_000);
    await verb(id, 'override', { reason: 'the robots renewed' });
    expect((await served.ended(id)).status).toBe('succeeded');
    await served.askVault('DELETE', 'pki/roles/robots');
  });

  it('has no gate where the fleet says so, and none that can be overridden before the soak', async () => {
    await enrol('whoever');
    await served.disband(fleetId);
    fleetId = await served.record({
      bundlePem: served.bundles()[0],
      contractWhen: 'soaked',
      soakSeconds: 30,
    });
    const id = await requestRotation(served.api, fleetId);
    const soaking = await served.until(id, ({ phase }) => phase === 'soak');
    expect(soaking.gate).toBeNull();
    expect((await verb(id, 'override', { reason: 'now' })).body).toMatchObject({
      ...{ status: 409, code: 'rotation.gate-open' },
    });
  });
});
