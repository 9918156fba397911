import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VaultCaSource } from '#ca-source';
import type { VaultTokenCa } from '#engine';
import {
  anchorsOf,
  coverAnchors,
  coverageFindings,
  crlsIn,
  parseBundle,
  revokedBy as revokedSerialsOf,
} from '#trust';
import {
  BACKENDS,
  type Backend,
  callApi,
  newIssuingCa,
  ONE_YEAR,
  TEN_MINUTES,
} from './ca-source.backends.js';
import { describeChains } from './ca-source.chains.js';
import { describeRefusals } from './ca-source.refusals.js';
import { describeRepeats } from './ca-source.repeats.js';

const source = new VaultCaSource();
const newRoot = { name: 'windlass-new', commonName: 'New CA', ttlSeconds: ONE_YEAR };

describe.each(BACKENDS)('CaSource over $name', ({ start }) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await start();
  });
  afterAll(() => backend?.stop());

  describe('survey', () => {
    it('names the product, the default issuer and all issuers', async () => {
      const { ca, oldId } = await newIssuingCa(backend);
      const survey = await source.survey(ca);
      expect(survey).toMatchObject({
        product: backend.product,
        defaultIssuerId: oldId,
        defaultFollowsLatest: false,
      });
      expect(survey.issuers.map(({ id }) => id)).toEqual([oldId]);
      expect(new X509Certificate(survey.issuers[0]?.certificatePem ?? '').subject).toBe('CN=Old CA');
      expect(survey.issuers[0]?.usage).toContain('issuing-certificates');
    });

    it('tells which roles pin an issuer', async () => {
      const { ca, oldId } = await newIssuingCa(backend);
      await callApi(backend, 'POST', `${ca.mount}/roles/pinned`, { allow_any_name: true, issuer_ref: oldId });
      expect((await source.survey(ca)).roles).toEqual([
        { name: 'clients', issuerRef: 'default' },
        { name: 'pinned', issuerRef: oldId },
      ]);
    });

    it('takes a mount without roles', async () => {
      const { ca } = await newIssuingCa(backend);
      await callApi(backend, 'DELETE', `${ca.mount}/roles/clients`);
      expect((await source.survey(ca)).roles).toEqual([]);
    });
  });

  describe('crl', () => {
    const revoke = ({ mount }: VaultTokenCa, certificatePem: string) => {
      const serial = new X509Certificate(certificatePem).serialNumber.toLowerCase();
      const printed = serial.replace(/..(?!$)/g, '$&:');
      return callApi(backend, 'POST', `${mount}/revoke`, { serial_number: printed });
    };
    const anchor = ({ certificatePem }: { certificatePem: string }) => anchorsOf(parseBundle(certificatePem));

    it('is there for a new issuer before anybody trusts it, and signed by it', async () => {
      const { ca } = await newIssuingCa(backend);
      const issuer = await source.prepareIssuer(ca, newRoot);
      const [covered] = coverAnchors(anchor(issuer), crlsIn(await source.crl(ca, issuer.id)), Date.now());
      expect(covered?.list?.issuer).toBe('CN=New CA');
      expect(coverageFindings(covered ? [covered] : [], Date.now())).toEqual([]);
    });

    it('revokes who was revoked, and nobody of another issuer', async () => {
      const { ca, oldId } = await newIssuingCa(backend);
      const { id: newId } = await source.prepareIssuer(ca, newRoot);
      const leaf = { issuerId: oldId, commonName: 'client', ttlSeconds: TEN_MINUTES };
      const { certificatePem } = await source.issueLeaf(ca, leaf);
      await source.issueLeaf(ca, leaf);
      await revoke(ca, certificatePem);
      const revokedBy = async (id: string) => crlsIn(await source.crl(ca, id)).map(revokedSerialsOf);
      const { serialNumber } = new X509Certificate(certificatePem);
      expect(await revokedBy(oldId)).toEqual([[serialNumber.toLowerCase()]]);
      expect(await revokedBy(newId)).toEqual([[]]);
    });

    it('names an issuer that is not there', async () => {
      const { ca } = await newIssuingCa(backend);
      await expect(source.crl(ca, 'nosuch')).rejects.toMatchObject({
        problem: { code: 'ca.unknown-issuer' },
      });
    });
  });

  describe('outstanding', () => {
    const outstanding = async (ca: VaultTokenCa, issuerId: string) => {
      const { leaves, ...told } = await source.outstanding(ca, issuerId);
      return { ...told, subjects: leaves.map(({ subject }) => subject).sort() };
    };

    it('lists the certificates of one issuer, and neither its own nor those of another', async () => {
      const { ca, oldId } = await newIssuingCa(backend);
      const request = { issuerId: oldId, commonName: 'pos, 1', ttlSeconds: TEN_MINUTES };
      const { certificatePem } = await source.issueLeaf(ca, request);
      const { id } = await source.prepareIssuer(ca, newRoot);
      await source.setIssuing(ca, id, true);
      await source.issueLeaf(ca, { ...request, issuerId: id, commonName: 'new' });
      const { leaves, unknown, longestTtlSeconds } = await source.outstanding(ca, oldId);
      const certificate = new X509Certificate(certificatePem);
      expect(leaves).toEqual([
        {
          subject: 'CN=pos\\, 1',
          serial: certificate.serialNumber.toLowerCase(),
          notAfter: Date.parse(certificate.validTo),
        },
      ]);
      expect([unknown, longestTtlSeconds]).toEqual([null, 30 * 86_400]);
      expect((await outstanding(ca, id)).subjects).toEqual(['CN=new']);
    });

    it('passes over what has expired', async () => {
      const { ca, oldId } = await newIssuingCa(backend);
      await source.issueLeaf(ca, { issuerId: oldId, commonName: 'short', ttlSeconds: 1 });
      await expect.poll(async () => (await outstanding(ca, oldId)).subjects, { timeout: 10_000 }).toEqual([]);
    });

    it('tells which role keeps no list, and what a role says of lifetimes', async () => {
      const { ca, oldId } = await newIssuingCa(backend);
      const role = { allow_any_name: true, key_type: 'ec', key_bits: 256 };
      await callApi(backend, 'POST', `${ca.mount}/roles/clients`, { ...role, max_ttl: '3h' });
      await callApi(backend, 'POST', `${ca.mount}/roles/robots`, { ...role, max_ttl: '1h', no_store: true });
      await source.issueLeaf({ ...ca, role: 'robots' }, { issuerId: oldId, commonName: 'r', ttlSeconds: 60 });
      expect(await outstanding(ca, oldId)).toEqual({
        ...{ subjects: [], longestTtlSeconds: 3 * 3600 },
        unknown: 'Vault keeps no list of what role robots issues (no_store)',
      });
    });
  });

  it('stages, activates and rolls back a new issuer (facts.md 5)', async () => {
    const { ca, oldId } = await newIssuingCa(backend);
    const leafFrom = (issuerId: string | null) =>
      source.issueLeaf(ca, { issuerId, commonName: 'client', ttlSeconds: TEN_MINUTES });

    const staged = await source.prepareIssuer(ca, newRoot);
    expect(staged).toMatchObject({ name: 'windlass-new' });
    expect(new X509Certificate(staged.certificatePem).subject).toBe('CN=New CA');
    expect(staged.usage).not.toContain('issuing-certificates');
    await expect(leafFrom(staged.id)).rejects.toMatchObject({ problem: { code: 'ca.usage-forbids' } });
    expect(signer(await leafFrom(null))).toBe('CN=Old CA');

    const allowed = await source.setIssuing(ca, staged.id, true);
    expect([...allowed.usage].sort()).toEqual([...staged.usage, 'issuing-certificates'].sort());
    expect(allowed.name).toBe('windlass-new');
    expect(signer(await leafFrom(staged.id))).toBe('CN=New CA');
    expect(signer(await leafFrom(null))).toBe('CN=Old CA');

    await source.switchDefault(ca, oldId, staged.id);
    expect(signer(await leafFrom(null))).toBe('CN=New CA');
    const restricted = await source.setIssuing(ca, oldId, false);
    expect(restricted.usage).not.toContain('issuing-certificates');
    await expect(leafFrom(oldId)).rejects.toMatchObject({ problem: { code: 'ca.usage-forbids' } });

    await source.setIssuing(ca, oldId, true);
    await source.switchDefault(ca, staged.id, oldId);
    await source.setIssuing(ca, staged.id, false);
    expect(signer(await leafFrom(null))).toBe('CN=Old CA');
    expect(await source.survey(ca)).toMatchObject({ defaultIssuerId: oldId, defaultFollowsLatest: false });
  });

  it('issues a client leaf with its key, its issuer and no root to send', async () => {
    const { ca, oldId } = await newIssuingCa(backend);
    const leaf = await source.issueLeaf(ca, { issuerId: oldId, commonName: 'a, b', ttlSeconds: TEN_MINUTES });
    const certificate = new X509Certificate(leaf.certificatePem);
    const issuer = new X509Certificate(leaf.issuerPem);
    expect(certificate.toLegacyObject().subject.CN).toBe('a, b');
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)).toBe(true);
    const backdated = Date.now() - Date.parse(certificate.validFrom);
    expect(backdated).toBeGreaterThan(29_000);
    expect(Date.parse(certificate.validTo)).toBeLessThanOrEqual(Date.now() + TEN_MINUTES * 1000);
    expect(leaf.privateKey.reveal()).toContain('PRIVATE KEY');
    expect(leaf.chainPem).toBe('');
  });

  describe('a default that follows the latest issuer', () => {
    async function following() {
      const { ca, oldId } = await newIssuingCa(backend);
      const config = { default: oldId, default_follows_latest_issuer: true };
      await callApi(backend, 'POST', `${ca.mount}/config/issuers`, config);
      return { ca, oldId };
    }

    it('is pinned before the new issuer exists', async () => {
      const { ca, oldId } = await following();
      expect((await source.survey(ca)).defaultFollowsLatest).toBe(true);
      await source.prepareIssuer(ca, newRoot);
      expect(await source.survey(ca)).toMatchObject({ defaultIssuerId: oldId, defaultFollowsLatest: false });
    });

    it('is followed again after the new issuer was withdrawn', async () => {
      const { ca, oldId } = await following();
      await source.prepareIssuer(ca, newRoot);
      await source.withdrawIssuer(ca, newRoot.name, true);
      const survey = await source.survey(ca);
      expect(survey).toMatchObject({ defaultIssuerId: oldId, defaultFollowsLatest: true });
      expect(survey.issuers).toHaveLength(1);
    });
  });

  describeRepeats(() => backend);
  describeRefusals(() => backend);
  describeChains(() => backend);
});

function signer(leaf: { certificatePem: string }): string {
  return new X509Certificate(leaf.certificatePem).issuer;
}
