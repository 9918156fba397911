import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VaultCaSource } from '#ca-source';
import type { IssuedLeaf, ProbeIdentity } from '#engine';
import { TlsProbe } from '#probe';
import { anchorsOf, parseBundle } from '#trust';
import { mountPki, newRoleIn, newRootIn, newSignedIn } from '../conformance/ca-chains.backends.js';
import { requestRotation } from './recording.js';
import type { Reply } from './running-api.js';
import { ServedFleet } from './served-fleet.js';

const SITE = 'etc/nginx/conf.d/site.conf';
/** Root, policy CA and issuing CA, each in a mount of its own: `pki-root` signs `pki-policy`, which signs `pki`. */
const SIGNED_BY = { mount: 'pki-policy', issuer: 'default' };

let served: ServedFleet;
let fleetId: string;
const source = new VaultCaSource();
const probe = new TlsProbe();

beforeAll(async () => {
  served = await ServedFleet.open(2, {}, async (vault) => {
    for (const mount of ['pki-root', 'pki-policy', 'pki']) await mountPki(vault, mount);
    const root = await newRootIn(vault, 'pki-root', 'Root 1');
    const policy = await newSignedIn(vault, 'pki-policy', 'pki-root', 'Policy 1');
    const issuing = await newSignedIn(vault, 'pki', 'pki-policy', 'Issuing 1');
    await newRoleIn(vault, 'pki', 'clients');
    return { anchorsPem: [root, policy.certificatePem, issuing.certificatePem] };
  });
  fleetId = await served.record({
    contractWhen: 'soaked',
    issuingCa: { signedBy: SIGNED_BY, pinnedRoles: 'move' },
  });
});

afterAll(() => served?.stop());

const ca = () => ({
  ...{ kind: 'vault' as const, id: 'outside', address: served.vault.address, token: served.vault.token },
  ...{ namespace: '', mount: 'pki', role: 'clients', serverCaPem: null },
});
const clientOf = (role = 'clients'): Promise<IssuedLeaf> =>
  source.issueLeaf({ ...ca(), role }, { issuerId: null, commonName: 'a client', ttlSeconds: 3600 });
const alone = (client: ProbeIdentity): ProbeIdentity => ({ ...client, chainPem: '' });

const answers = (client: ProbeIdentity) =>
  Promise.all(
    served.hosts.map(async ({ address, httpsPort: port }) => {
      const answer = await probe.ask({ address, port, serverName: 'edge.test', path: '/' }, client);
      return answer.kind === 'http' ? answer.status : answer.kind;
    }),
  );
const trusted = () => {
  const [first = '', ...others] = served.bundles();
  expect(new Set(others)).toEqual(new Set([first]));
  return anchorsOf(parseBundle(first)).map(({ commonName }) => commonName ?? '');
};

function setDepth(depth: number): void {
  for (const host of served.hosts) {
    const site = host.readFile(SITE);
    host.writeFile(SITE, site.replace(/ssl_verify_depth \d/, `ssl_verify_depth ${depth}`));
    host.exec('nginx -s reload; sleep 0.5');
  }
}

async function rotated(): Promise<Reply['body']> {
  const rotation = await served.ended(await requestRotation(served.api, fleetId));
  expect(rotation.status, rotation.explanation).toBe('succeeded');
  return rotation;
}

describe('an issuing CA below two others', () => {
  let first: IssuedLeaf;
  let second: IssuedLeaf;

  it('is shown with who signs it', async () => {
    const { body } = await served.api.call('GET', `/v1/fleets/${fleetId}`);
    expect(body.issuingCa).toMatchObject({ mount: 'pki', signedBy: SIGNED_BY, pinnedRoles: 'move' });
  });

  it('gives way to one below the same root: old clients get in only with their CA sent along, and that is told', async () => {
    first = await clientOf();
    expect([await answers(first), await answers(alone(first))]).toEqual([
      [200, 200],
      [200, 200],
    ]);
    const rotation = await rotated();
    const names = trusted();
    expect([names.slice(0, 2), names.length]).toEqual([['Root 1', 'Policy 1'], 3]);
    second = await clientOf();
    expect(parseBundle(second.issuerPem).certificates[0]).toMatchObject({
      issuer: 'CN=Policy 1',
      subject: `CN=${names[2]}`,
    });
    expect([await answers(second), await answers(alone(second))]).toEqual([
      [200, 200],
      [200, 200],
    ]);
    // What nginx does, and why the rotation says so (docs/adr/0015).
    expect([await answers(first), await answers(alone(first))]).toEqual([
      [200, 200],
      [400, 400],
    ]);
    expect(rotation.explanation).toMatch(
      /Without CN=Issuing 1 .* only if they send it along, because CN=Policy 1/,
    );
    expect(rotation.generations.trustDiff).toContain('CN=Issuing 1 still let in through CN=Policy 1');
    const probes = rotation.hosts[0].probes.join('\n');
    expect(probes).toContain('a client of the old CA that sends nothing along refused, as it must');
    expect(probes).toMatch(/a client of the old CA that sends its CA along accepted$/m);
    expect(probes).toContain('a client of the new CA accepted, as it must');
  });

  it('gives way to one below a root of its own: nothing of the old chain is left, and no old client gets in', async () => {
    const root = await newRootIn(served.vault, 'pki-root', 'Root 2');
    await newSignedIn(served.vault, 'pki-policy', 'pki-root', 'Policy 2');
    const before = served.bundles();
    const rootless = await served.ended(await requestRotation(served.api, fleetId));
    expect([rootless.status, served.bundles()]).toEqual(['refused', before]);
    expect(rootless.explanation).toMatch(
      /signed by itself but by CN=Policy 2.* Import .* \(vault write pki-policy\/issuers/,
    );
    await served.askVault('POST', 'pki-policy/issuers/import/cert', { pem_bundle: root });
    const rotation = await rotated();
    const names = trusted();
    expect([names.toSorted().slice(0, 2), names.length]).toEqual([['Policy 2', 'Root 2'], 3]);
    for (const old of [first, second, alone(first), alone(second)])
      expect(await answers(old)).toEqual([400, 400]);
    const third = await clientOf();
    expect([await answers(third), await answers(alone(third))]).toEqual([
      [200, 200],
      [200, 200],
    ]);
    expect(rotation.explanation).not.toContain('only if they send it along');
    expect(rotation.generations.trustDiff).toMatch(/^\+3 -3 anchors/);
  });

  it('moves the roles that name it, and no others', async () => {
    const { defaultIssuerId: oldId } = await source.survey(ca());
    await served.askVault('POST', 'pki/root/generate/internal', {
      common_name: 'Of others',
      ttl: '720h',
      key_type: 'ec',
    });
    const { issuers } = await source.survey(ca());
    const others = issuers.find(
      ({ certificatePem }) => parseBundle(certificatePem).certificates[0]?.commonName === 'Of others',
    );
    await newRoleIn(served.vault, 'pki', 'robots', oldId);
    await newRoleIn(served.vault, 'pki', 'guests', others?.id);
    await rotated();
    const survey = await source.survey(ca());
    expect(survey.defaultIssuerId).not.toBe(oldId);
    expect(survey.roles).toEqual([
      { name: 'clients', issuerRef: 'default' },
      { name: 'guests', issuerRef: others?.id },
      { name: 'robots', issuerRef: survey.defaultIssuerId },
    ]);
    expect(await answers(await clientOf('robots'))).toEqual([200, 200]);
  });

  it.each([
    [4, 'pki-sub'],
    [2, 'pki-root'],
  ])('goes on in a chain of %i', async (_, mount) => {
    if (mount === 'pki-sub') {
      await mountPki(served.vault, mount);
      await newSignedIn(served.vault, mount, 'pki-policy', 'Sub');
    }
    setDepth(3);
    const before = await clientOf();
    const patched = await served.api.call('PATCH', `/v1/fleets/${fleetId}/issuing-ca`, {
      body: { signedBy: { mount } },
    });
    expect(patched.status).toBe(200);
    await rotated();
    const after = await clientOf();
    expect([await answers(after), await answers(alone(after))]).toEqual([
      [200, 200],
      [200, 200],
    ]);
    expect(await answers(alone(before))).toEqual([400, 400]);
    const chain = mount === 'pki-sub' ? ['Policy 2', 'Root 2', 'Sub'] : ['Root 2'];
    expect(
      trusted()
        .filter((name) => /^(Root|Policy|Sub)/.test(name))
        .toSorted(),
    ).toEqual(chain);
  });

  it('is refused, with the directive and its place, where hosts allow for fewer CAs', async () => {
    setDepth(1);
    await served.api.call('PATCH', `/v1/fleets/${fleetId}/issuing-ca`, { body: { signedBy: SIGNED_BY } });
    const before = served.bundles();
    const rotation = await served.ended(await requestRotation(served.api, fleetId));
    expect(rotation.status).toBe('refused');
    expect(rotation.explanation).toMatch(
      /ssl_verify_depth allows at host-1 .*site\.conf:\d+ \(1\).* Set ssl_verify_depth 2/,
    );
    expect(served.bundles()).toEqual(before);
  });

  it('is changed by PATCH, and is not its own parent', async () => {
    const path = `/v1/fleets/${fleetId}/issuing-ca`;
    const patch = (body: object) => served.api.call('PATCH', path, { body });
    const own = await patch({ signedBy: { mount: 'pki' } });
    expect([own.status, own.body.code]).toEqual([422, 'ca.own-parent']);
    expect((await patch({})).status).toBe(400);
    const changed = await patch({ signedBy: null });
    expect(changed.body.issuingCa).toMatchObject({ signedBy: null, pinnedRoles: 'move' });
    const back = await patch({ signedBy: { mount: 'pki-policy' }, pinnedRoles: 'refuse' });
    expect(back.body.issuingCa).toMatchObject({ signedBy: SIGNED_BY, pinnedRoles: 'refuse' });
  });
});
