import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aFleetBody, planted } from './bodies.js';
import { PlayedWorker } from './played-worker.js';
import { ANY_STATE, recordFleet, requestRotation } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

const OTHER = { signedBy: { mount: 'pki-root', issuer: 'default' } };
const ANOTHER = [OTHER, { pinnedRoles: 'move' }];

let api: RunningApi;
/** Of one issuing CA; the second one has no hosts, and no rotation takes it along. */
let [fleetId, secondId]: string[] = [];
let place: { address: string; mount: string };

beforeAll(async () => {
  api = await runApi();
});
afterAll(() => api?.stop());
beforeEach(async () => {
  fleetId = await recordFleet(api);
  place = (await read(fleetId)).issuingCa;
  secondId = await recordFleet(api, 0, { issuingCa: await here({}) });
});

const read = async (id = '') => (await api.call('GET', `/v1/fleets/${id}`)).body;
const here = async (over: object) => {
  const { address, mount } = place;
  return { ...(await aFleetBody()).issuingCa, address, mount, ...over };
};
const fleetIds = async () =>
  (await api.call('GET', '/v1/fleets?limit=100')).body.items.map(({ id }: { id: string }) => id);
const patch = (body: object, id = fleetId) => api.call('PATCH', `/v1/fleets/${id}/issuing-ca`, { body });
const post = async (over: object) =>
  api.call('POST', '/v1/fleets', { body: await aFleetBody({ issuingCa: await here(over) }) });

/** In the middle of its preflight. */
async function running() {
  const id = await requestRotation(api, fleetId ?? '');
  const worker = new PlayedWorker(api.installation, id);
  await worker.play(({ effects }) => effects.size > 1);
  const end = async () => {
    await api.call('POST', `/v1/rotations/${id}:abort`, { headers: ANY_STATE, body: { reason: 'enough' } });
    await worker.play(() => false);
  };
  const refusal = {
    status: 409,
    body: {
      code: 'rotation.conflict',
      detail: expect.stringContaining(`Rotation ${id} works on fleet ${(await read(fleetId)).name},`),
      nextAction: expect.stringContaining(`/v1/rotations/${id}`),
    },
  };
  return { id, end, refusal };
}

describe('who signs new CAs, and what becomes of pinned roles', () => {
  it.each(ANOTHER)('do not change under a rotation, and do behind it: %j', async (ways) => {
    const { end, refusal } = await running();
    const before = (await read(fleetId)).issuingCa;
    expect(await patch(ways)).toMatchObject(refusal);
    expect(await patch(ways, secondId)).toMatchObject(refusal);
    expect((await read(fleetId)).issuingCa).toEqual(before);
    await end();
    expect(await patch(ways, secondId)).toMatchObject({ status: 200, body: { issuingCa: ways } });
    expect((await read(fleetId)).issuingCa).toMatchObject(ways);
  });

  it('may be given again under a rotation, as they are', async () => {
    await patch(OTHER);
    const { refusal } = await running();
    expect(await patch({ ...OTHER, pinnedRoles: 'refuse' })).toMatchObject({
      status: 200,
      body: { issuingCa: OTHER },
    });
    expect(await patch({ signedBy: null })).toMatchObject(refusal);
  });

  it.each(ANOTHER)('do not change by a fleet that is recorded under a rotation: %j', async (ways) => {
    const { end, refusal } = await running();
    const before = (await read(fleetId)).issuingCa;
    const recorded = await fleetIds();
    expect(await post(ways)).toMatchObject(refusal);
    expect([await fleetIds(), (await read(fleetId)).issuingCa]).toEqual([recorded, before]);
    expect((await post({})).status).toBe(201);
    expect((await post({ signedBy: null, pinnedRoles: 'refuse' })).status).toBe(201);
    await end();
    expect((await post(ways)).status).toBe(201);
    expect((await read(fleetId)).issuingCa).toMatchObject(ways);
  });

  it('are refused before a wrapped secret id is opened, which nobody could do again', async () => {
    const { refusal } = await running();
    const appRole = { roleId: 'r', wrappedSecretId: planted('wrapped') };
    expect(await post({ ...OTHER, token: undefined, appRole })).toMatchObject(refusal);
  });

  it('change first where a rotation is asked for meanwhile: it waits', async () => {
    const change = `UPDATE issuing_cas SET pinned_roles = 'move' WHERE address = $1`;
    await behind([[change, [place.address]]], () => requestRotation(api, fleetId ?? ''));
  });

  it('wait for a rotation that begins, and are refused', async () => {
    const id = randomUUID();
    const [epoch, hold] = [1e6, 'SELECT 1 FROM issuing_cas WHERE address = $1 FOR SHARE'];
    const begin = `INSERT INTO rotations (id, fleet_id, epoch, status, phase, version)
      VALUES ($1, $2, $3, 'pending', 'preflight', 1)`;
    const lock = `INSERT INTO locks (key, label, rotation_id) VALUES ('fleet:' || $1, 'the fleet', $2)`;
    const statements = [
      [begin, [id, fleetId, epoch]],
      [lock, [fleetId, id]],
      [hold, [place.address]],
    ] as const;
    const reply = await behind(statements, () => patch(OTHER));
    expect(reply).toMatchObject({ status: 409, body: { detail: expect.stringContaining(id) } });
  });
});

/** Asks while somebody else's transaction holds what it did, and until it has committed gets no answer. */
async function behind<T>(
  statements: readonly (readonly [sql: string, parameters: readonly unknown[]])[],
  ask: () => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: api.databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    for (const [sql, parameters] of statements) await client.query(sql, [...parameters]);
    let answered = false;
    const asked = ask().finally(() => {
      answered = true;
    });
    await sleep(500);
    expect(answered).toBe(false);
    await client.query('COMMIT');
    return await asked;
  } finally {
    await client.end();
  }
}
