import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa, type TestCa } from '#kit';
import { anchorId, anchorsOf, composeGeneration, parseBundle } from '#trust';
import { ANY_STATE } from './recording.js';
import type { Reply } from './running-api.js';
import { ServedFleet } from './served-fleet.js';

const BUNDLE = 'etc/nginx/trust/client-ca.pem';

let served: ServedFleet;
let fleetId: string;
/** A second CA in the bundle, whose clients Vault knows nothing of. */
let partners: TestCa;
let vaultCa: string;

beforeAll(async () => {
  served = await ServedFleet.open(3);
  vaultCa = served.bundles()[0] ?? '';
  fleetId = await served.record();
  partners = await makeCa({ commonName: 'Partners CA' });
});

afterAll(() => served?.stop());

const ask = (body: object): Promise<Reply> =>
  served.api.call('POST', '/v1/rotations', { body: { fleetId, ...body } });

async function run(body: object): Promise<Reply['body']> {
  const asked = await ask(body);
  expect(asked.status, asked.text).toBe(202);
  return served.ended(asked.body.id);
}

/** Another certificate for the key of the CA, as Vault makes it. */
async function renewedCa(): Promise<string> {
  const { data } = await served.askVault('GET', 'pki/issuer/default');
  const body = { common_name: 'Served client CA', key_ref: data.key_id, ttl: '1000h' };
  const made = await served.askVault('POST', 'pki/issuers/generate/root/existing', body);
  expect(made.data.issuer_id).not.toBe(data.issuer_id);
  return String(made.data.certificate);
}

const trusted = () =>
  served.bundles().map((bundle) => anchorsOf(parseBundle(bundle)).map(({ commonName }) => commonName));
const everywhere = (names: readonly string[]) => served.hosts.map(() => names);
const fleet = async () => (await served.api.call('GET', `/v1/fleets/${fleetId}`)).body;
const idOf = (pem: string) => anchorId(anchorsOf(parseBundle(pem))[0] ?? expect.fail('no CA'));

describe('POST /v1/rotations with another strategy', () => {
  it('replace: to another bundle in one switch, Vault untouched', async () => {
    const both = composeGeneration({
      anchorsPem: [vaultCa, partners.certificatePem],
      markerPem: null,
    }).content;
    const rotation = await run({ strategy: 'replace', bundlePem: both, reason: 'partners come in' });
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    expect(trusted()).toEqual(everywhere(['Served client CA', 'Partners CA']));
    expect(rotation.generations.trustDiff).toMatch(/^\+1 -0 anchors: added CN=Partners CA/);
    expect(rotation.hosts.map(({ serving }: Reply['body']) => serving)).toEqual(['new', 'new', 'new']);
    expect(rotation.hosts[0].probes.join('\n')).toContain('a client of the issuing CA accepted, as it must');
    expect((await fleet()).lastRotatedAt).not.toBeNull();
    const again = await ask({ strategy: 'replace', bundlePem: both, reason: 'twice' });
    expect([again.status, again.body.code]).toEqual([409, 'replace.nothing-changes']);
  });

  it('replace: a bundle without the CA that issues is refused, and no host touched', async () => {
    const rotation = await run({ strategy: 'replace', bundlePem: partners.certificatePem });
    expect(rotation.status).toBe('refused');
    expect(rotation.explanation).toMatch(/does not hold the default issuer .* Next: Add this CA/);
    expect(trusted()).toEqual(everywhere(['Served client CA', 'Partners CA']));
  });

  it('replace: a CA that was renewed with its key takes the place of itself, and nobody is refused', async () => {
    const renewed = await renewedCa();
    const target = composeGeneration({
      anchorsPem: [renewed, partners.certificatePem],
      markerPem: null,
    }).content;
    const rotation = await run({ strategy: 'replace', bundlePem: target, reason: 'it would have expired' });
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    expect(rotation.generations.trustDiff).toMatch(
      /^\+0 -0 anchors: renewed with the same key CN=Served client CA/,
    );
    expect(rotation.hosts[0].probes.join('\n')).toContain('a client of the issuing CA accepted, as it must');
    expect(rotation.hosts[0].probes.join('\n')).not.toContain('rogue');
    await run({
      ...{ strategy: 'replace', reason: 'back' },
      bundlePem: composeGeneration({ anchorsPem: [vaultCa, partners.certificatePem], markerPem: null })
        .content,
    });
  });

  it('sync: brings back the hosts that somebody edited, and touches no other', async () => {
    const [first, second] = served.hosts;
    const whole = first?.readFile(BUNDLE) ?? '';
    second?.writeFile(BUNDLE, `${whole}# somebody was here\n`);
    second?.exec('nginx -s reload; sleep 0.5');
    const pids = () => first?.exec('pgrep -x nginx | sort | tr "\\n" " "');
    const before = pids();
    const rotation = await run({ strategy: 'sync', reason: 'drift' });
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    expect(new Set(served.bundles())).toEqual(new Set([whole]));
    expect(pids()).toBe(before);
    expect(rotation.explanation).toContain('all 3 hosts are observed on the recorded bundle');
  });

  it('rehearse: a canary CA is let in and shut out again, and it is remembered', async () => {
    const before = trusted();
    const rotation = await run({ strategy: 'rehearse', reason: 'fire drill' });
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    expect(trusted()).toEqual(before);
    const probes = rotation.hosts[2].probes.join('\n');
    expect(probes).toContain('the client of the canary CA refused, as it must');
    expect(probes).toContain('a client of the issuing CA accepted, as it must');
    expect((await fleet()).lastRehearsedAt).not.toBeNull();
  });

  it('distrust: one host away, the others changed at once; blocked by name, and over when it is back', async () => {
    const third = served.hosts[2] ?? expect.fail('three hosts');
    await third.powerOff();
    const asked = await ask({
      ...{
        strategy: 'distrust',
        anchors: [idOf(partners.certificatePem)],
        reason: 'their key is on the net',
      },
    });
    expect(asked.status, asked.text).toBe(202);
    const blocked = await served.until(asked.body.id, ({ status }) => status === 'blocked');
    expect(blocked.blocks[0]).toMatchObject({ host: 'host-3', reason: { code: 'host.unreachable' } });
    const rest = await served.until(asked.body.id, ({ hosts }) =>
      hosts.slice(0, 2).every(({ serving }: Reply['body']) => serving === 'new'),
    );
    expect(rest.decisions.map(({ kind }: Reply['body']) => kind)).toEqual(['contract', 'keep']);
    const abort = await served.api.call('POST', `/v1/rotations/${asked.body.id}:abort`, {
      headers: ANY_STATE,
      body: { reason: 'no' },
    });
    expect([abort.status, abort.body.code]).toEqual([409, 'rotation.too-late']);
    await third.powerOn();
    const rotation = await served.ended(asked.body.id);
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    expect(trusted()).toEqual(everywhere(['Served client CA']));
    expect((await fleet()).distrusted).toEqual([
      { anchor: idOf(partners.certificatePem), rotationId: asked.body.id },
    ]);
  });

  it('I12: what is distrusted comes back by name and with a reason only', async () => {
    const both = composeGeneration({
      anchorsPem: [vaultCa, partners.certificatePem],
      markerPem: null,
    }).content;
    const back = { strategy: 'replace', bundlePem: both };
    const refused = await ask(back);
    expect([refused.status, refused.body.code]).toEqual([409, 'anchor.distrusted']);
    const unsaid = await ask({ ...back, retrust: [idOf(partners.certificatePem)] });
    expect([unsaid.status, unsaid.body.errors[0].pointer]).toEqual([400, '#/reason']);
    const rotation = await run({
      ...back,
      retrust: [idOf(partners.certificatePem)],
      reason: 'it was another key',
    });
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    expect((await fleet()).distrusted).toEqual([]);
  });

  it('distrust of the CA that issues: it can issue no more, and its own client is shut out everywhere', async () => {
    const rotation = await run({
      ...{ strategy: 'distrust', anchors: [idOf(vaultCa)], reason: 'the backup was stolen' },
    });
    expect(rotation.status, rotation.explanation).toBe('succeeded');
    for (const { probes } of rotation.hosts) {
      expect(probes.join('\n')).toContain('a client of what is distrusted refused, as it must');
    }
    expect(trusted()).toEqual(everywhere(['Partners CA']));
    const issuers = (await served.askVault('LIST', 'pki/issuers')) as Reply['body'];
    const issuer = await served.askVault('GET', `pki/issuer/${issuers.data.keys[0]}`);
    const { usage } = (issuer as Reply['body']).data;
    expect(usage).not.toContain('issuing-certificates');
  });

  it('refuses what makes no sense, and says what would', async () => {
    const last = await ask({
      ...{ strategy: 'distrust', anchors: [idOf(partners.certificatePem)], reason: 'all of them' },
    });
    expect([last.status, last.body.code]).toEqual([409, 'distrust.nothing-left']);
    const unknown = await ask({ strategy: 'distrust', anchors: ['aa:bb:cc:dd'], reason: 'typo' });
    expect(unknown.status).toBe(422);
    expect(unknown.body.detail).toContain(`It trusts: CN=Partners CA (${idOf(partners.certificatePem)})`);
    const stray = await ask({ strategy: 'sync', anchors: ['aabbccdd'] });
    expect(stray.body.errors[0]).toMatchObject({ pointer: '#/anchors' });
  });
});
