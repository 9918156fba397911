import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsCaSource } from '#ca-source';
import { startMoto, type TestAws } from '../kit/moto.js';
import { describeAwsRefusals } from './ca-source.aws-refusals.js';
import { describeAwsRepeats } from './ca-source.aws-repeats.js';
import { newGroup } from './ca-source.moto.js';

const source = new AwsCaSource();
const newRoot = { name: 'windlass-new', commonName: 'New CA', ttlSeconds: 31_536_000 };
const TEN_MINUTES = 600;

/**
 * What the suite asks of a Vault, asked of AWS Private CA. moto stands for AWS; what it does otherwise is in
 * moto-gaps.test.ts and nowhere else.
 */
describe('CaSource over AWS Private CA', () => {
  let aws: TestAws;
  beforeAll(async () => {
    aws = await startMoto();
  });
  afterAll(() => aws?.stop());

  it('names the product, the default and the CAs of the group alone', async () => {
    const [{ ca, oldId }] = await Promise.all([newGroup(aws.address), newGroup(aws.address)]);
    const survey = await source.survey(ca);
    expect(survey).toMatchObject({
      ...{ product: 'AWS Private CA in eu-central-1', defaultIssuerId: oldId },
      ...{ defaultFollowsLatest: false, roles: [] },
    });
    expect(survey.issuers).toMatchObject([
      { id: oldId, name: '', usage: ['crl-signing', 'issuing-certificates'] },
    ]);
    expect(new X509Certificate(survey.issuers[0]?.certificatePem ?? '').subject).toBe('CN=Old CA');
  });

  it('does not know who holds a certificate, and says why', async () => {
    expect(await source.outstanding()).toEqual({
      ...{ leaves: [], longestTtlSeconds: null },
      unknown: 'AWS Private CA does not list what it issued (only its audit reports do)',
    });
  });

  it('stages, activates and rolls back a new CA', async () => {
    const { ca, oldId } = await newGroup(aws.address);
    const leafFrom = (issuerId: string | null) =>
      source.issueLeaf(ca, { issuerId, commonName: 'client', ttlSeconds: TEN_MINUTES });

    const staged = await source.prepareIssuer(ca, newRoot);
    expect(staged).toMatchObject({ name: 'windlass-new', usage: ['crl-signing'] });
    const certificate = new X509Certificate(staged.certificatePem);
    expect([certificate.subject, certificate.ca, certificate.verify(certificate.publicKey)]).toEqual([
      'CN=New CA',
      true,
      true,
    ]);
    await expect(leafFrom(staged.id)).rejects.toMatchObject({ problem: { code: 'ca.usage-forbids' } });
    expect(signer(await leafFrom(null))).toBe('CN=Old CA');

    const allowed = await source.setIssuing(ca, staged.id, true);
    expect(allowed).toEqual({ ...staged, usage: ['crl-signing', 'issuing-certificates'] });
    expect(signer(await leafFrom(staged.id))).toBe('CN=New CA');
    expect(signer(await leafFrom(null))).toBe('CN=Old CA');

    await source.switchDefault(ca, oldId, staged.id);
    expect(signer(await leafFrom(null))).toBe('CN=New CA');
    const restricted = await source.setIssuing(ca, oldId, false);
    expect(restricted.usage).not.toContain('issuing-certificates');
    await expect(leafFrom(oldId)).rejects.toMatchObject({ problem: { code: 'ca.usage-forbids' } });
    expect((await source.survey(ca)).issuers).toHaveLength(2);

    await source.setIssuing(ca, oldId, true);
    await source.switchDefault(ca, staged.id, oldId);
    await source.setIssuing(ca, staged.id, false);
    expect(signer(await leafFrom(null))).toBe('CN=Old CA');
    await source.withdrawIssuer(ca, newRoot.name);
    const survey = await source.survey(ca);
    expect([survey.defaultIssuerId, survey.issuers.map(({ id }) => id)]).toEqual([oldId, [oldId]]);
  });

  it('has no CRL to give, and says who has', async () => {
    const { ca, oldId } = await newGroup(aws.address);
    await expect(source.crl(ca, oldId)).rejects.toMatchObject({
      problem: { code: 'ca.no-crl', nextStep: expect.stringContaining('/crls') },
    });
  });

  it('issues a client leaf with its key, its issuer and no root to send', async () => {
    const { ca, oldId } = await newGroup(aws.address);
    const request = { issuerId: oldId, commonName: 'a, "b" Größe', ttlSeconds: TEN_MINUTES };
    const leaf = await source.issueLeaf(ca, request);
    const certificate = new X509Certificate(leaf.certificatePem);
    const issuer = new X509Certificate(leaf.issuerPem);
    expect(certificate.toLegacyObject().subject.CN).toBe('a, "b" Größe');
    expect(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)).toBe(true);
    expect(leaf.privateKey.reveal()).toContain('PRIVATE KEY');
    expect(leaf.chainPem).toBe('');
  });

  describeAwsRepeats(() => aws);
  describeAwsRefusals(() => aws);
});

function signer(leaf: { certificatePem: string }): string {
  return new X509Certificate(leaf.certificatePem).issuer;
}
