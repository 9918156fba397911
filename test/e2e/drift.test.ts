import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aHostBody } from './bodies.js';
import { requestRotation } from './recording.js';
import type { Reply } from './running-api.js';
import { ServedFleet } from './served-fleet.js';

const BUNDLE = 'etc/nginx/trust/client-ca.pem';

let served: ServedFleet;
let fleetId: string;

beforeAll(async () => {
  served = await ServedFleet.open(2);
  fleetId = await served.record();
});

afterAll(() => served?.stop());

async function drift(): Promise<Reply['body']> {
  const { status, body, text } = await served.api.call('GET', `/v1/fleets/${fleetId}/drift`);
  expect(status, text).toBe(200);
  return body;
}

const get = async (path: string): Promise<Reply['body']> =>
  (await served.api.call('GET', `/v1/fleets/${fleetId}${path}`)).body;
/** What the last look at each host left. */
const observed = async () => (await get('/hosts')).items.map(({ observed }: Reply['body']) => observed);
const summary = async () => {
  const { state, inSync, drifted, unknown } = (await get('')).drift;
  return { state, inSync, drifted, unknown };
};

const states = ({ items }: Reply['body']) => items.map(({ state }: Reply['body']) => state);
const codes = ({ items }: Reply['body']) =>
  items.map(({ problems }: Reply['body']) => problems.map(({ code }: Reply['body']) => code));

describe('GET /v1/fleets/{fleetId}/drift', () => {
  it('finds hosts as they are recorded, and cannot tell what is served of a bundle without a marker', async () => {
    const found = await drift();
    expect(found).toMatchObject({ inSync: true, generation: { number: 1 } });
    expect(states(found)).toEqual(['in-sync', 'in-sync']);
    expect(found.items[0].files[0].digest).toBe(found.generation.digest);
    expect(found.items[0].listeners).toMatchObject([{ serves: null }]);
  });

  it('is kept: what was seen of each host, and of the fleet together', async () => {
    const { items } = await drift();
    const { expiresAt, drift: kept } = await get('');
    const seen = await observed();
    expect(seen).toEqual(
      items.map(({ files, listeners }: Reply['body']) => ({
        ...{ at: kept.checkedAt, seenAt: kept.checkedAt, state: 'in-sync', generation: 1, expiresAt },
        ...{ files, listeners, problems: [] },
      })),
    );
    expect(await summary()).toEqual({ state: 'in-sync', inSync: 2, drifted: 0, unknown: 0 });
    const { id } = (await get('/hosts')).items[0];
    expect((await get(`/hosts/${id}`)).observed).toEqual(seen[0]);
  });

  it('leaves the ETag that a change is held to, and changes the one that a reader has', async () => {
    const { id } = (await get('/hosts')).items[1];
    for (const path of ['', `/hosts/${id}`]) {
      const read = (tag?: string) =>
        served.api.call('GET', `/v1/fleets/${fleetId}${path}`, {
          headers: tag === undefined ? {} : { 'If-None-Match': tag },
        });
      const { etag = '' } = (await read()).headers;
      expect((await read(etag)).status).toBe(304);
      await drift();
      const after = await read(etag);
      expect(after.status).toBe(200);
      const [decided, all] = after.headers.etag?.split('.') ?? [];
      expect([decided, all === etag.split('.')[1]]).toEqual([etag.split('.')[0], false]);
    }
    const { etag } = (await served.api.call('GET', `/v1/fleets/${fleetId}`)).headers;
    await drift();
    const path = `/v1/fleets/${fleetId}/issuing-ca`;
    const sent = { body: { pinnedRoles: 'refuse' }, headers: { 'If-Match': etag ?? '' } };
    const changed = await served.api.call('PATCH', path, sent);
    expect(changed.status, changed.text).toBe(200);
  });

  it('is planned as it then comes', async () => {
    const { body: plan } = await served.api.call('POST', '/v1/rotations?dryRun=true', { body: { fleetId } });
    expect(plan.blocks).toEqual([]);
    expect(plan.warnings).toEqual([]);
    expect(plan.trustDiff).toMatch(
      /^\+1 -1 anchors: added a new CA of the PKI mount "pki" at http\S+; removed CN=Served client CA \(/,
    );
    expect(plan.fleets[0].anchorsThen).toMatch(/; until nobody needs it CN=Served client CA as well$/);
  });

  it('sees after a rotation what the workers serve', async () => {
    const rotation = await served.ended(await requestRotation(served.api, fleetId));
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    expect(rotation.generations.trustDiff).toMatch(
      /^\+1 -1 anchors: added .*; removed CN=Served client CA \(/,
    );
    const proven = { state: 'in-sync', generation: 3, listeners: [], problems: [] };
    expect(await observed()).toMatchObject([proven, proven]);
    expect(await summary()).toEqual({ state: 'in-sync', inSync: 2, drifted: 0, unknown: 0 });
    const { anchors, expiresAt } = await get('');
    expect(anchors).toMatchObject([{ notAfter: rotation.ca.newIssuer.notAfter }]);
    expect((await observed())[0].expiresAt).toBe(expiresAt);
    const found = await drift();
    expect(found).toMatchObject({ inSync: true, generation: { number: 3 } });
    expect(found.items.map(({ listeners }: Reply['body']) => listeners[0].serves)).toEqual([true, true]);
  });

  it('names the file that somebody edited, and the workers that serve something else', async () => {
    const [first, second] = served.hosts;
    const bundle = first?.readFile(BUNDLE) ?? '';
    first?.writeFile(BUNDLE, `# edited\n${bundle}`);
    second?.writeFile(BUNDLE, bundle.slice(0, bundle.lastIndexOf('-----BEGIN')));
    second?.exec('nginx -s reload; sleep 0.5');
    second?.writeFile(BUNDLE, bundle);
    const found = await drift();
    expect(found.inSync).toBe(false);
    expect(codes(found)).toEqual([['host.drift'], ['host.not-serving']]);
    expect(found.items[0].problems[0].message).toBe(`host-1: /${BUNDLE} is not generation 3 of the fleet.`);
    expect(await observed()).toMatchObject([
      { state: 'drifted', generation: null, expiresAt: null, problems: [{ code: 'host.drift' }] },
      { state: 'drifted', generation: 3, problems: [{ code: 'host.not-serving' }] },
    ]);
    expect(await summary()).toEqual({ state: 'drifted', inSync: 0, drifted: 2, unknown: 0 });
    const { body: plan } = await served.api.call('POST', '/v1/rotations?dryRun=true', { body: { fleetId } });
    expect(plan.warnings).toEqual([
      expect.stringMatching(/\/host-1 was not as it is recorded when it was last looked at, at 20/),
      expect.stringMatching(/\/host-2 was not as it is recorded/),
    ]);
    first?.writeFile(BUNDLE, bundle);
    second?.exec('nginx -s reload; sleep 0.5');
    expect(states(await drift())).toEqual(['in-sync', 'in-sync']);
  });

  it('takes a host that cannot be asked for unknown, and never for in sync', async () => {
    await served.disband(fleetId);
    const bundlePem = served.bundles()[0];
    fleetId = await served.record({ bundlePem }, { hostKey: aHostBody().hostKey });
    const found = await drift();
    expect(found.inSync).toBe(false);
    expect(states(found)).toEqual(['in-sync', 'unknown']);
    expect(codes(found)).toEqual([[], ['host.key-changed']]);
    expect((await observed())[1]).toMatchObject({
      ...{ state: 'unknown', seenAt: null, generation: null, expiresAt: null, files: [] },
      problems: [{ code: 'host.key-changed' }],
    });
    expect(await summary()).toEqual({ state: 'unknown', inSync: 1, drifted: 0, unknown: 1 });
  });
});
