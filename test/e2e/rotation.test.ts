import { X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '#persistence';
import { digestOf } from '#trust';
import { ANY_STATE, requestRotation } from './recording.js';
import { ServedFleet } from './served-fleet.js';
import { openStream, type StreamEvent } from './sse.js';

let served: ServedFleet;
let fleetId: string;
const streamed: StreamEvent[] = [];

beforeAll(async () => {
  served = await ServedFleet.open(3);
  fleetId = await served.record();
});

afterAll(() => served?.stop());

const eventsOf = async (id: string) =>
  (await openStream(`${served.api.url}/v1/rotations/${id}/events`, served.api.adminKey)).rest();

const namesOf = (bundlePem: string) =>
  (bundlePem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (pem) => new X509Certificate(pem).subject,
  );

describe('a rotation over HTTP', () => {
  it('brings every host to the new CA, streams all that happens, and tells the whole truth', async () => {
    const [before] = served.bundles();
    const accepted = await served.api.call('POST', '/v1/rotations', { body: { fleetId, reason: 'e2e' } });
    expect([accepted.status, accepted.headers.location]).toEqual([202, `/v1/rotations/${accepted.body.id}`]);
    const stream = await openStream(
      `${served.api.url}${accepted.headers.location}/events`,
      served.api.adminKey,
    );
    streamed.push(...(await stream.rest()));
    const rotation = await served.ended(accepted.body.id);
    expect(rotation).toMatchObject({ status: 'succeeded', phase: 'done', requestedBy: expect.any(String) });
    expect(
      rotation.hosts.map(({ name, serving }: { name: string; serving: string }) => [name, serving]),
    ).toEqual([
      ['host-1', 'new'],
      ['host-2', 'new'],
      ['host-3', 'new'],
    ]);
    for (const host of rotation.hosts) expect(host.probes.length).toBeGreaterThan(0);
    const kinds = rotation.decisions.map(({ kind }: { kind: string }) => kind);
    for (const kind of ['go', 'keep', 'activate', 'contract']) expect(kinds).toContain(kind);
    expect(kinds).not.toContain('revert');
    expect(new Set(served.bundles()).size).toBe(1);
    expect(served.bundles()[0]).not.toBe(before);
    expect(namesOf(served.bundles()[0] ?? '').some((name) => name.includes('Served client CA'))).toBe(false);
    expect(streamed.map(({ id }) => Number(id))).toEqual(streamed.map((_, index) => index + 1));
    expect(streamed.at(-1)).toMatchObject({ event: 'rotation.ended', id: String(rotation.version) });
    const fleet = await served.api.call('GET', `/v1/fleets/${fleetId}`);
    expect(fleet.body.generation.digest).toBe(rotation.generations.new.digest);
    expect(fleet.body.lastRotatedAt).not.toBeNull();
  });

  it('proves it: files, configuration and probes of every host, before and after, bound to the audit chain', async () => {
    const [rotation] = (await served.api.call('GET', `/v1/rotations?fleetId=${fleetId}`)).body.items;
    const { body } = await served.api.call('GET', `/v1/rotations/${rotation.id}/evidence`);
    const [old, now] = [body.snapshot.old.digest, digestOf(served.bundles()[0] ?? '')];
    expect(body.hosts).toHaveLength(3);
    for (const { steps } of body.hosts) {
      expect(steps[0].result).toMatchObject({
        digest: old,
        configDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      const digests = steps.flatMap(({ result }: { result: { digest?: string } }) => result.digest ?? []);
      expect(digests.at(-1)).toBe(now);
      const probes = steps.flatMap(({ result }: { result: { probes?: string[] } }) => result.probes ?? []);
      expect(probes.length).toBeGreaterThan(5);
    }
    expect(body.audit.details.journalDigest).toBe(body.journal.digest);
    expect(await verifyAudit(served.api.installation.dataSource, null)).toMatchObject({
      fault: null,
      journals: 1,
    });
  });

  it('F25: of two POSTs at once one is taken, and the other one is told which', async () => {
    const undo = await served.hosts[2]?.occupyPort();
    const body = { fleetId, reason: 'at once' };
    const replies = await Promise.all(
      [1, 2, 3, 4].map(() => served.api.call('POST', '/v1/rotations', { body })),
    );
    const [taken, ...others] = replies.toSorted((one, other) => one.status - other.status);
    expect(taken?.status).toBe(202);
    for (const other of others) {
      expect([other.status, other.body.code]).toEqual([409, 'rotation.conflict']);
      expect(other.text).toContain(taken?.body.id);
    }
    await served.ended(taken?.body.id);
    await undo?.();
  });

  it('F14: a host that keeps its old configuration brings all of them back, and is named', async () => {
    const before = served.bundles();
    const undo = await served.hosts[1]?.occupyPort();
    const id = await requestRotation(served.api, fleetId);
    const events = await eventsOf(id);
    const rotation = await served.ended(id);
    await undo?.();
    expect(rotation.status).toBe('reverted');
    expect(rotation.explanation).toMatch(/host-2/);
    expect(rotation.hosts.map(({ serving }: { serving: string }) => serving)).toEqual(['old', 'old', 'old']);
    expect(served.bundles()).toEqual(before);
    expect(rotation.decisions.map(({ kind }: { kind: string }) => kind)).toContain('revert');
    expect(events.at(-1)?.event).toBe('rotation.ended');
    streamed.push(...events);
  });

  it('is aborted before the fleet decided, and refuses it afterwards', async () => {
    await served.disband(fleetId);
    const slow = await served.record({ soakSeconds: 3_600, bundlePem: served.bundles()[0] });
    const early = await requestRotation(served.api, slow);
    const abort = (id: string) =>
      served.api.call('POST', `/v1/rotations/${id}:abort`, {
        headers: ANY_STATE,
        body: { reason: 'the window is over' },
      });
    expect((await abort(early)).status).toBe(202);
    const aborted = await served.ended(early);
    expect(['cancelled', 'reverted', 'refused']).toContain(aborted.status);
    expect(aborted.explanation).toContain('the window is over');
    const before = served.bundles();
    const late = await requestRotation(served.api, slow);
    await served.until(late, ({ phase }) => phase === 'soak');
    const refused = await abort(late);
    expect([refused.status, refused.body.code]).toEqual([409, 'rotation.too-late']);
    await sleep(300);
    const soaking = await served.until(late, () => true);
    expect(soaking.phase).toBe('soak');
    expect(soaking.hosts.map(({ serving }: { serving: string }) => serving)).toEqual([
      'overlap',
      'overlap',
      'overlap',
    ]);
    for (const [index, bundle] of served.bundles().entries()) {
      expect(namesOf(bundle)).toEqual(expect.arrayContaining(namesOf(before[index] ?? '').slice(0, 1)));
    }
  });
});
