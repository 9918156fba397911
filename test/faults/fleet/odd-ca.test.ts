import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeCa, type TestCa } from '#kit';
import { explain } from '#rotation';
import { PKI, TestInstallation } from '../../fleet/installation.js';
import { servedBy, surveyOf, tracesOn } from './outside-view.js';
import { type Reply, VaultWay } from './vault-way.js';

let windlass: TestInstallation;
let way: VaultWay;
let partner: TestCa;

beforeAll(async () => {
  partner = await makeCa({ commonName: 'Partner root' });
  windlass = await TestInstallation.open({
    ...{ hosts: 2, otherAnchorsPem: [partner.certificatePem] },
    wayToVault: async (address) => {
      way = await VaultWay.open(address);
      return way.address;
    },
  });
});

afterEach(() => {
  way.mend();
});

afterAll(async () => {
  await windlass?.stop();
  await way?.stop();
});

/** What Vault gives out for the CA that it made, under the name it made it for. */
type Forge = (commonName: string, made: string) => Promise<string>;

/** Replaces the certificate of the issuer that a rotation made, wherever Vault shows it. */
function giveOut(forge: Forge): void {
  let forged: Promise<string> | null = null;
  way.change(/^GET .*\/issuer\/[^/]+$/, async (reply): Promise<Reply> => {
    const said = JSON.parse(reply.body) as { data?: { issuer_name: string; certificate: string } };
    if (!said.data?.issuer_name.startsWith('windlass-')) return reply;
    const { certificate } = said.data;
    const commonName = /CN=(.*)/.exec(new X509Certificate(certificate).subject)?.[1] ?? '';
    forged ??= forge(commonName, certificate);
    const body = JSON.stringify({ ...said, data: { ...said.data, certificate: await forged } });
    return { status: reply.status, body };
  });
}

/** Refused; hosts and Vault show no trace of it. Returns what it says. */
async function refused(): Promise<string> {
  const { hosts } = windlass.fleet;
  const world = async () => [tracesOn(hosts), await servedBy(hosts), await surveyOf(windlass.vault)];
  const before = await world();
  const state = await windlass.until(await windlass.rotate(), 'refused');
  expect(await world()).toEqual(before);
  return explain(state);
}

/** Beside what replaced-ca.test.ts shows. */
const ODD: readonly (readonly [what: string, forge: Forge, says: RegExp])[] = [
  ['two of them', async (_, made) => `${made}\n${made}`, /issuer windlass-.* comes with 2 certificates/],
  [
    'one that names the CA of today',
    async () => (await makeCa({ commonName: PKI.commonName })).certificatePem,
    /issuer windlass-.* is for the common name Fleet client CA 1/,
  ],
  [
    'one with the key of a CA of today',
    async (commonName) => (await partner.crossSign(partner, { subject: `CN=${commonName}` })).certificatePem,
    /CN=edge client CA .* has the key of a CA that the fleet trusts today/,
  ],
  [
    'an intermediate without its root (F32)',
    async (commonName) => {
      const root = await makeCa({ commonName: 'A root that nobody has' });
      return (await root.issueIntermediate({ commonName })).certificatePem;
    },
    /CN=edge client CA .* is not signed by itself but by CN=A root that nobody has/,
  ],
];

describe('F22: Vault gives out, for the CA that it made,', () => {
  it.each(ODD)('F22: %s: refused, and the certificate is named', async (_, forge, says) => {
    giveOut(forge);
    expect(await refused()).toMatch(says);
  });

  it('F22, F32: one with a flipped bit: refused, and the certificate is named', async () => {
    giveOut(async (_, made) => {
      const der = Buffer.from(new X509Certificate(made).raw);
      const last = der.length - 1;
      der[last] = (der[last] ?? 0) ^ 1;
      const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
      return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
    });
    expect(await refused()).toMatch(/CN=edge client CA .* is not signed by itself/);
  });

  it('rotates to what Vault made where nothing is changed on the way', async () => {
    giveOut(async (_, made) => made);
    await windlass.until(await windlass.rotate(), 'succeeded');
  });
});
