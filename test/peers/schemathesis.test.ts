import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemathesis } from '#kit';
import { aFleetBody, aHostBody, aSampleBody, aScheduleBody } from '../e2e/bodies.js';
import { PlayedWorker } from '../e2e/played-worker.js';
import { ANY_STATE, recordFleet, requestRotation } from '../e2e/recording.js';
import { type RunningApi, runApi } from '../e2e/running-api.js';

/** Minutes on a busy machine, with nothing to say for most of them. */
const PATIENCE_MS = 540_000;

let api: RunningApi;
/** Of what is there to be asked for. */
let places: { readonly ids: Readonly<Record<string, string>>; readonly endedRotationId: string };

beforeAll(async () => {
  api = await runApi();
  const fleetId = await recordFleet(api, 2);
  const fleet = `/v1/fleets/${fleetId}`;
  const [host] = (await api.call('GET', `${fleet}/hosts`)).body.items;
  const schedule = await api.call('POST', `${fleet}/schedules`, { body: aScheduleBody() });
  const endedRotationId = await requestRotation(api, fleetId);
  const abort = { headers: ANY_STATE, body: { reason: 'a test needs its end' } };
  await api.call('POST', `/v1/rotations/${endedRotationId}:abort`, abort);
  await new PlayedWorker(api.installation, endedRotationId).play(() => false);
  const rotationId = await requestRotation(api, fleetId);
  const ids = { fleetId, hostId: host.id, scheduleId: schedule.body.id, rotationId, code: 'fleet.not-found' };
  places = { ids, endedRotationId };
});

afterAll(() => api?.stop());

/** Of everything that is checked as what it is said to be, one that is. */
async function seeds(ownKeyId: string) {
  const { bundlePem } = await aFleetBody();
  const { hostKey, privateKey } = aHostBody();
  const sample = await aSampleBody();
  const { certificatePem, privateKey: sampleKey } = sample;
  return {
    ...{ ...places, ownKeyId, fleet: { bundlePem }, host: { hostKey, privateKey, login: 'key' } },
    sample: { certificatePem, privateKey: sampleKey, chainPem: '' },
  };
}

async function run(role: 'viewer' | 'operator' | 'approver' | 'admin', phases: string, examples: number) {
  const { id, key } = await api.installation.records.apiKeys.create(role, `schemathesis as ${role}`);
  return schemathesis({ url: api.url, key, seeds: await seeds(id), phases, examples });
}

describe('what the document promises', () => {
  it(
    'an admin gets, in every order that one reply leads to another',
    async () => {
      const { code, report } = await run('admin', 'examples,coverage,fuzzing,stateful', 5);
      expect(code, report).toBe(0);
    },
    PATIENCE_MS,
  );

  it.each(['viewer', 'operator', 'approver'] as const)(
    '%s gets, or is told why not',
    async (role) => {
      const { code, report } = await run(role, 'examples,fuzzing', 2);
      expect(code, report).toBe(0);
    },
    PATIENCE_MS,
  );
});
