import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa } from '#kit';
import { anchorId, anchorsOf, parseBundle } from '#trust';
import { aBundle, aFleetBody } from './bodies.js';
import { recordFleet, requestRotation } from './recording.js';
import { type Reply, type RunningApi, runApi } from './running-api.js';

let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});

afterAll(() => api?.stop());

const ask = (body: object, headers: Record<string, string> = {}, key?: string): Promise<Reply> =>
  api.call('POST', '/v1/rotations?dryRun=true', { body, headers, ...(key ? { key } : {}) });

async function planned(body: object): Promise<Reply['body']> {
  const reply = await ask(body);
  expect(reply.status, reply.text).toBe(200);
  return reply.body;
}

const idOf = (pem: string) => anchorId(anchorsOf(parseBundle(pem))[0] ?? expect.fail('no CA'));
const phases = (plan: Reply['body']) => plan.phases.map(({ phase }: Reply['body']) => phase);

describe('POST /v1/rotations?dryRun=true', () => {
  it('says what a rotation would do, and leaves no trace but in the audit log', async () => {
    const fleetId = await recordFleet(api, 3);
    const plan = await planned({ fleetId });
    const fleet = (await api.call('GET', `/v1/fleets/${fleetId}`)).body;
    const { id, number, digest, marker } = fleet.generation;
    expect(plan.fleets).toEqual([
      {
        ...{ fleetId, fleetName: fleet.name, generation: { id, number, digest, marker } },
        ...{
          anchorsNow: fleet.anchors,
          anchorsThen: expect.stringContaining('a new CA of the PKI mount "pki"'),
        },
      },
    ]);
    expect(plan.waves.map((wave: unknown[]) => wave.length)).toEqual([1, 2]);
    expect(plan.waves.flat()[0]).toMatchObject({ fleetId, name: expect.stringMatching(/^host-/) });
    expect(phases(plan)).toEqual(['preflight', 'stage', 'expand', 'activate', 'soak', 'contract']);
    expect(fleet.rotation).toBeNull();
    expect((await api.call('GET', `/v1/rotations?fleetId=${fleetId}`)).body.items).toEqual([]);
    const { items } = (await api.call('GET', `/v1/audit?subject=fleet:${fleetId}`)).body;
    const dry = items.filter(({ operation }: Reply['body']) => operation === 'startRotation');
    expect(dry.map(({ details }: Reply['body']) => details.dryRun)).toEqual([true, true]);
  });

  it('takes a CA that does not answer for something to know, not for a refusal', async () => {
    const plan = await planned({ fleetId: await recordFleet(api) });
    expect(plan.warnings).toEqual([expect.stringMatching(/vault-\d+\.example:8200/)]);
    expect(plan.trustDiff).toContain('which CA goes is not known before the issuing CA answers');
    expect(plan.blocks).toEqual([]);
  });

  it('says of a distrust exactly who goes, and that nobody goes back', async () => {
    const [partners, own] = [await makeCa({ commonName: 'Partners CA' }), await aBundle()];
    const fleetId = await recordFleet(api, 2, { bundlePem: own + partners.certificatePem });
    const asked = {
      fleetId,
      strategy: 'distrust',
      reason: 'stolen',
      anchors: [idOf(partners.certificatePem)],
    };
    const plan = await planned(asked);
    expect(plan.trustDiff).toMatch(/^\+0 -1 anchors: removed CN=Partners CA \([0-9a-f]{12}\)$/);
    expect(plan.fleets[0].anchorsNow).toHaveLength(2);
    expect(plan.fleets[0].anchorsThen).toBe('CN=Recorded client CA');
    expect(phases(plan)).toEqual(['preflight', 'contract']);
    expect(plan.phases[1].does).toContain('there is no way back');
  });

  it('says of a replace exactly what comes and goes', async () => {
    const next = await makeCa({ commonName: 'Next CA' });
    const fleetId = await recordFleet(api);
    const plan = await planned({ fleetId, strategy: 'replace', bundlePem: next.certificatePem });
    expect(plan.trustDiff).toMatch(/^\+1 -1 anchors: added CN=Next CA .*; removed CN=Recorded client CA/);
    expect(phases(plan)).toEqual(['preflight', 'stage', 'expand']);
  });

  it.each(['sync', 'rehearse'])('says of a %s that the anchors stay', async (strategy) => {
    const plan = await planned({ fleetId: await recordFleet(api), strategy });
    expect(plan.trustDiff).toBe('+0 -0 anchors');
    expect(plan.fleets[0].anchorsThen).toContain('CN=Recorded client CA');
  });

  it('refuses what would be refused', async () => {
    const fleetId = await recordFleet(api);
    const codes = async (body: object) => (await ask(body)).body.code;
    expect(await codes({ fleetId: randomUUID() })).toBe('fleet.not-found');
    expect(await codes({ fleetId: await recordFleet(api, 0) })).toBe('fleet.no-hosts');
    expect(await codes({ fleetId, strategy: 'refresh' })).toBe('refresh.no-revocation');
    const unknown = { strategy: 'distrust', reason: 'stolen', anchors: ['00ff00ff'] };
    expect(await codes({ fleetId, ...unknown })).toBe('distrust.unknown-anchor');
    const { issuingCa } = await aFleetBody();
    const sharing = await recordFleet(api, 1, { issuingCa });
    const other = await recordFleet(api, 1, { issuingCa });
    expect((await ask({ fleetId: sharing })).body).toMatchObject({
      ...{ status: 409, code: 'ca.shared', nextAction: expect.stringContaining(other) },
    });
    const both = await planned({ fleetId: sharing, together: [other] });
    expect(both.fleets.map(({ fleetId: id }: Reply['body']) => id)).toEqual([sharing, other]);
    expect(both.trustDiff).toContain(' | ');
    const rotationId = await requestRotation(api, fleetId);
    expect((await ask({ fleetId })).body).toMatchObject({
      ...{ status: 409, code: 'rotation.conflict', detail: expect.stringContaining(rotationId) },
    });
  });

  it('is answered anew with the same Idempotency-Key, which stays free for the deed', async () => {
    const [fleetId, key] = [await recordFleet(api), { 'Idempotency-Key': randomUUID() }];
    expect((await ask({ fleetId }, key)).status).toBe(200);
    const again = await ask({ fleetId }, key);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, undefined]);
    const started = await api.call('POST', '/v1/rotations', { body: { fleetId }, headers: key });
    expect(started.status, started.text).toBe(202);
  });

  it('is for those who may start it, within their fleets', async () => {
    const [fleetId, elsewhere] = [await recordFleet(api), await recordFleet(api, 0)];
    const { apiKeys } = api.installation.records;
    const viewer = await apiKeys.create('viewer', 'who looks at plans');
    const confined = await apiKeys.create('operator', 'confined planner', { fleetIds: [elsewhere] });
    expect((await ask({ fleetId }, {}, viewer.key)).body.code).toBe('request.forbidden');
    expect((await ask({ fleetId }, {}, confined.key)).body.code).toBe('fleet.not-found');
  });

  it.each(['yes', '1', ''])('is asked for by true: %j', async (dryRun) => {
    const reply = await api.call('POST', `/v1/rotations?dryRun=${dryRun}`, {
      body: { fleetId: randomUUID() },
    });
    expect(reply.body).toMatchObject({ status: 400, code: 'request.invalid' });
  });
});
