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

  it('sees after a rotation what the workers serve', async () => {
    const rotation = await served.ended(await requestRotation(served.api, fleetId));
    expect(rotation.status, rotation.explanation).toBe('succeeded');
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
  });
});
