import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootFleet, makeCa, type TestCa, type TestFleet } from '#kit';
import { type RunningWorker, startWorker } from '../../apps/worker/src/worker.js';
import { ANY_STATE, requestRotation } from './recording.js';
import { type Reply, type RunningApi, runApi } from './running-api.js';
import { hostBody } from './served-fleet.js';
import { brought } from './uploads.js';

const LONGEST_MS = 90_000;
const HOUR = 3_600_000;

/** A rotation whose CA is driven by people: real hosts, and certificates that somebody brings. */
describe('a rotation to a CA that was uploaded', () => {
  let api: RunningApi;
  let worker: RunningWorker;
  let fleet: TestFleet;
  let old: TestCa;
  let fleetId: string;

  beforeAll(async () => {
    old = await makeCa({ commonName: 'Old CA' });
    [api, fleet] = await Promise.all([runApi(), bootFleet({ hosts: 2, bundlePem: old.certificatePem })]);
    worker = await startWorker(api.installation, 10);
    const made = await api.call('POST', '/v1/fleets', {
      body: {
        ...{ name: 'uploaded', soakSeconds: 0, bundlePem: old.certificatePem },
        issuingCa: { kind: 'upload', name: 'step-ca', ...(await brought(old)) },
      },
    });
    fleetId = made.body.id;
    const body = { hosts: fleet.hosts.map(hostBody) };
    expect((await api.call('POST', `/v1/fleets/${fleetId}/hosts`, { body })).status).toBe(201);
  });
  afterAll(async () => {
    await worker?.stop();
    await api?.stop();
    await fleet?.stop();
  });

  const until = async (id: string, reached: (rotation: Reply['body']) => boolean): Promise<Reply['body']> => {
    for (const deadline = Date.now() + LONGEST_MS; ; await sleep(50)) {
      const { body } = await api.call('GET', `/v1/rotations/${id}`);
      if (reached(body)) return body;
      if (body.endedAt !== null || Date.now() > deadline)
        throw new Error(`${body.status}: ${body.explanation}`);
    }
  };
  const uploads = async () => {
    const { items } = (await api.call('GET', `/v1/fleets/${fleetId}/uploaded-cas`)).body;
    return items.map((one: { subject: string; state: string }) => `${one.subject} ${one.state}`);
  };

  it('is refused while nothing new was brought, and no host is touched', async () => {
    const refused = await until(await requestRotation(api, fleetId), ({ endedAt }) => endedAt !== null);
    expect(refused).toMatchObject({ status: 'refused' });
    expect(refused.explanation).toMatch(/none was uploaded for step-ca.*Next: .*uploaded-cas/);
  });

  it('proves the new CA on every host, says what is left to a person, and drops the old one when told', async () => {
    const next = await makeCa({ commonName: 'New CA' });
    const body = await brought(next);
    expect((await api.call('POST', `/v1/fleets/${fleetId}/uploaded-cas`, { body })).status).toBe(201);
    const id = await requestRotation(api, fleetId);
    const waiting = await until(id, ({ gate }) => gate.open === false);
    expect(waiting).toMatchObject({ status: 'running', phase: 'soak' });
    expect(waiting.explanation).toMatch(
      /Windlass cannot switch this CA\. Next: let it issue from CN=New CA, and from the old one no more/,
    );
    expect(waiting.gate.because).toBe(
      'nobody knows who still uses CN=Old CA: Windlass cannot ask step-ca what it issued',
    );
    expect(await uploads()).toEqual(['CN=Old CA past', 'CN=New CA current']);
    const reason = { reason: 'step-ca issues from the new CA, and every client has renewed' };
    expect(
      (await api.call('POST', `/v1/rotations/${id}:override`, { headers: ANY_STATE, body: reason })).status,
    ).toBe(202);
    const ended = await until(id, ({ endedAt }) => endedAt !== null);
    expect(ended, ended.explanation).toMatchObject({ status: 'succeeded' });
    for (const host of fleet.hosts) {
      const bundle = host.readFile(`.${host.managedPath}`);
      expect(bundle).toContain(next.certificatePem.trim());
      expect(bundle).not.toContain(old.certificatePem.trim());
    }
    expect(JSON.stringify(ended)).not.toContain('PRIVATE KEY');
  });

  it('is refused before a host is touched for a client that would end with the soak', async () => {
    const body = await brought(await makeCa({ commonName: 'Third CA' }), { notAfter: Date.now() + HOUR });
    expect((await api.call('POST', `/v1/fleets/${fleetId}/uploaded-cas`, { body })).status).toBe(201);
    const refused = await until(await requestRotation(api, fleetId), ({ endedAt }) => endedAt !== null);
    expect(refused).toMatchObject({ status: 'refused' });
    expect(refused.explanation).toMatch(
      /the uploaded CA "step-ca" ends at .*Next: Upload the same CA with a client that lives longer/,
    );
  });

  it('leaves the CA of today where it was when a host refuses, and the new one for another try', async () => {
    const third = await makeCa({ commonName: 'Fourth CA' });
    const body = await brought(third);
    expect((await api.call('POST', `/v1/fleets/${fleetId}/uploaded-cas`, { body })).status).toBe(201);
    const [host] = fleet.hosts;
    host?.writeFile('./etc/nginx/nginx.conf', 'broken');
    const refused = await until(await requestRotation(api, fleetId), ({ endedAt }) => endedAt !== null);
    expect(refused).toMatchObject({ status: 'refused' });
    expect(await uploads()).toEqual([
      'CN=Old CA past',
      'CN=New CA current',
      'CN=Third CA past',
      'CN=Fourth CA next',
    ]);
  });
});
