import { ListCertificateAuthoritiesCommand } from '@aws-sdk/client-acm-pca';
import { describe, expect, it } from 'vitest';
import { AwsCaSource } from '#ca-source';
import type { AwsPcaCa } from '#engine';
import type { TestAws } from '../kit/moto.js';
import { startInterferingProxy } from './ca-source.interference.js';
import { newGroup, othersClient } from './ca-source.moto.js';

const source = new AwsCaSource();
const newRoot = { name: 'windlass-new', commonName: 'New CA', ttlSeconds: 31_536_000 };

/** Actions whose reply is lost, one at a time. */
const WRITES = [
  'CreateCertificateAuthority',
  'IssueCertificate',
  'ImportCertificateAuthorityCertificate',
  'UpdateCertificateAuthority',
  'TagCertificateAuthority',
  'DeleteCertificateAuthority',
];

/** Every write done twice or with its reply lost leaves what one write leaves (F44). */
export function describeAwsRepeats(aws: () => TestAws): void {
  describe('repeated writes', () => {
    it('prepare, switch, allow, restrict and withdraw as often as asked', async () => {
      const { ca, oldId } = await newGroup(aws().address);
      const prepared = await source.prepareIssuer(ca, newRoot);
      expect(await source.prepareIssuer(ca, newRoot)).toEqual(prepared);
      expect((await source.survey(ca)).issuers).toHaveLength(2);
      const { id } = prepared;
      const allowed = await source.setIssuing(ca, id, true);
      expect(await source.setIssuing(ca, id, true)).toEqual(allowed);
      for (let time = 0; time < 2; time++) await source.switchDefault(ca, oldId, id);
      expect((await source.survey(ca)).defaultIssuerId).toBe(id);
      for (let time = 0; time < 2; time++) await source.switchDefault(ca, id, oldId);
      for (let time = 0; time < 2; time++) await source.withdrawIssuer(ca, newRoot.name);
      expect((await source.survey(ca)).issuers.map((issuer) => issuer.id)).toEqual([oldId]);
    });

    it('leave room for the same name after a withdrawal', async () => {
      const { ca } = await newGroup(aws().address);
      const first = await source.prepareIssuer(ca, newRoot);
      await source.withdrawIssuer(ca, newRoot.name);
      expect((await source.prepareIssuer(ca, newRoot)).id).not.toBe(first.id);
    });

    it.each(WRITES)('survive the lost reply of %s, whatever was asked for', async (lost) => {
      const { ca, oldId } = await newGroup(aws().address);
      const request = { ...newRoot, commonName: `New CA of ${ca.group}` };
      const lossy = await losing(aws(), lost);
      const behind: AwsPcaCa = { ...ca, endpoint: lossy.address };
      try {
        const { id } = await repeated(() => source.prepareIssuer(behind, request));
        await repeated(() => source.setIssuing(behind, id, true));
        await repeated(() => source.switchDefault(behind, oldId, id));
        expect((await source.survey(ca)).defaultIssuerId).toBe(id);
        await repeated(() => source.switchDefault(behind, id, oldId));
        expect(await created(aws(), request.commonName)).toEqual([id]);
        await repeated(() => source.withdrawIssuer(behind, newRoot.name));
        expect((await source.survey(ca)).issuers).toHaveLength(1);
        expect(lossy.count()).toBeGreaterThan(0);
      } finally {
        await lossy.close();
      }
    });
  });
}

/** Loses the reply to each request of the action that follows one that was answered. */
async function losing({ address }: TestAws, action: string) {
  let lost = 0;
  let loseNext = true;
  const proxy = await startInterferingProxy(address, async (_asked, asked) => {
    if (asked !== action) return 'pass';
    const now = loseNext ? 'lose' : 'pass';
    loseNext = !loseNext;
    if (now === 'lose') lost++;
    return now;
  });
  return { ...proxy, count: () => lost };
}

/** Repeats while the answer is that waiting helps, as the engine does. */
async function repeated<Answer>(action: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    try {
      return await action();
    } catch (error) {
      expect(error).toMatchObject({ transient: true, problem: { code: 'ca.unreachable' } });
    }
  }
  throw new Error('not done after 5 attempts');
}

/** ARNs of all CAs that were ever made under the common name, deleted ones among them. */
async function created({ address }: TestAws, commonName: string): Promise<readonly string[]> {
  const { CertificateAuthorities = [] } = await othersClient(address).send(
    new ListCertificateAuthoritiesCommand({ MaxResults: 1000 }),
  );
  return CertificateAuthorities.flatMap(({ Arn, CertificateAuthorityConfiguration: configuration }) =>
    Arn && configuration?.Subject?.CommonName === commonName ? [Arn] : [],
  );
}
