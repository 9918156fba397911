import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CaSurvey } from '#engine';
import { makeCa } from '#kit';
import { explain } from '#rotation';
import { TestInstallation } from '../../fleet/installation.js';
import { surveyOf, tracesOn } from './outside-view.js';
import { VaultWay } from './vault-way.js';

let windlass: TestInstallation;
let way: VaultWay;

beforeAll(async () => {
  windlass = await TestInstallation.open({
    hosts: 2,
    wayToVault: async (address) => {
      way = await VaultWay.open(address);
      return way.address;
    },
  });
});

afterEach(() => way.mend());

afterAll(async () => {
  await windlass?.stop();
  await way?.stop();
});

type Instead = (real: X509Certificate, oldCa: X509Certificate) => string | Promise<string>;

const nameIn = ({ subject }: X509Certificate) => subject.replace(/^.*CN=/s, '');

async function expired(real: X509Certificate): Promise<string> {
  const [notBefore, notAfter] = [Date.now() - 3 * 86_400_000, Date.now() - 60_000];
  return (await makeCa({ commonName: nameIn(real), notBefore, notAfter })).certificatePem;
}

async function aLeaf(real: X509Certificate): Promise<string> {
  const ca = await makeCa({ commonName: 'Some CA' });
  return (await ca.issueClient({ commonName: nameIn(real) })).certificatePem;
}

async function another(real: X509Certificate): Promise<string> {
  return (await makeCa({ commonName: nameIn(real) })).certificatePem;
}

/** From now on Vault seems to have another certificate where it made the new CA, `after` so many times that it was read. */
function replaceNewCa(before: CaSurvey, instead: Instead, after: number): void {
  const known = before.issuers.map(({ name }) => name);
  const oldCa = before.issuers.find(({ id }) => id === before.defaultIssuerId)?.certificatePem ?? '';
  let reads = 0;
  let replaced: string | null = null;
  way.change(/\/pki\/issuer\//, async (reply) => {
    if (reply.status >= 400 || !reply.body.includes('"issuer_name":"windlass-')) return reply;
    const { data, ...rest } = JSON.parse(reply.body);
    if (known.includes(data.issuer_name)) return reply;
    reads += 1;
    if (reads <= after) return reply;
    replaced ??= await instead(new X509Certificate(data.certificate), new X509Certificate(oldCa));
    const changed = { ...rest, data: { ...data, certificate: replaced } };
    return { ...reply, body: JSON.stringify(changed) };
  });
}

describe('Vault gives another certificate than the new CA', () => {
  it.each<[string, Instead, number, RegExp]>([
    ['an expired one', expired, 0, /The new CA CN=edge.* expired at/],
    ['a leaf', aLeaf, 0, /issuer windlass-.* is not a CA certificate/],
    ['none', () => '', 0, /not Vault's when asked to read issuer/],
    [
      'the old CA again',
      (_real, old) => old.toString(),
      0,
      /issuer windlass-.* was not created by this rotation/,
    ],
    ['another one behind its creation', another, 3, /The new CA CN=edge.* is no longer the certificate/],
  ])(
    'F22: %s: refused, it is named, and neither host nor Vault is changed',
    async (_what, instead, after, says) => {
      const before = await surveyOf(windlass.vault);
      const traces = tracesOn(windlass.fleet.hosts);
      replaceNewCa(before, instead, after);
      const state = await windlass.until(await windlass.rotate(), 'refused');
      way.mend();
      expect(explain(state)).toMatch(says);
      expect(tracesOn(windlass.fleet.hosts)).toEqual(traces);
      expect(await surveyOf(windlass.vault)).toEqual(before);
    },
  );
});
