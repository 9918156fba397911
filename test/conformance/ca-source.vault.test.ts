import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VaultCaSource } from '#ca-source';
import { startVault, type TestVault } from '../kit/vault.js';
import {
  callApi,
  limitedTo,
  newIssuingCa,
  ONE_YEAR,
  shippedPolicy,
  TEN_MINUTES,
} from './ca-source.backends.js';

const source = new VaultCaSource();
const newRoot = { name: 'windlass-new', commonName: 'New CA', ttlSeconds: ONE_YEAR };

/** What only the real Vault has: policies, token lifetimes, quotas. */
describe('CaSource over Vault alone', () => {
  let vault: TestVault;
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(() => vault?.stop());

  it('rotates, falls back and withdraws with the policy alone', async () => {
    const { ca, oldId } = await newIssuingCa(vault);
    const ours = await limitedTo(vault, ca, await shippedPolicy(ca));
    const following = { default: oldId, default_follows_latest_issuer: true };
    await callApi(vault, 'POST', `${ca.mount}/config/issuers`, following);

    expect((await source.survey(ours)).issuers).toHaveLength(1);
    const { id } = await source.prepareIssuer(ours, newRoot);
    await source.setIssuing(ours, id, true);
    for (const issuerId of [id, null]) {
      await source.issueLeaf(ours, { issuerId, commonName: 'client', ttlSeconds: TEN_MINUTES });
    }
    await source.switchDefault(ours, oldId, id);
    await source.setIssuing(ours, oldId, false);
    await source.setIssuing(ours, oldId, true);
    await source.switchDefault(ours, id, oldId);
    await source.withdrawIssuer(ours, newRoot.name, true);
    expect(await source.survey(ours)).toMatchObject({ defaultIssuerId: oldId, defaultFollowsLatest: true });

    await expect(source.withdrawIssuer(ours, 'of-somebody-else', true)).rejects.toMatchObject({
      problem: { code: 'ca.denied', nextStep: expect.stringContaining('delete on') },
    });
  });

  it('tells who holds a certificate with the policy alone, and passes over who was revoked', async () => {
    const { ca, oldId } = await newIssuingCa(vault);
    const ours = await limitedTo(vault, ca, await shippedPolicy(ca));
    const issue = (commonName: string) =>
      source.issueLeaf(ours, { issuerId: oldId, commonName, ttlSeconds: TEN_MINUTES });
    await issue('pos');
    const { certificatePem: certificate } = await issue('lost');
    await callApi(vault, 'POST', `${ca.mount}/revoke`, { certificate });
    const { leaves, unknown } = await source.outstanding(ours, oldId);
    expect([leaves.map(({ subject }) => subject), unknown]).toEqual([['CN=pos'], null]);
  });

  it('does not know who holds a certificate where the policy does not let it look', async () => {
    const { ca, oldId } = await newIssuingCa(vault);
    const policy = (await shippedPolicy(ca)).replace(/path "[^"]*certs".*/, '');
    const limited = await limitedTo(vault, ca, policy);
    expect(await source.outstanding(limited, oldId)).toMatchObject({
      ...{ leaves: [], unknown: 'the policy of Windlass does not grant list on "certs"' },
      longestTtlSeconds: expect.any(Number),
    });
  });

  it('ca.denied names the capability that a policy lacks', async () => {
    const { ca } = await newIssuingCa(vault);
    const policy = (await shippedPolicy(ca)).replace(/path "[^"]*root\/rotate.*/, '');
    const limited = await limitedTo(vault, ca, policy);
    await expect(source.prepareIssuer(limited, newRoot)).rejects.toMatchObject({
      transient: false,
      problem: {
        code: 'ca.denied',
        message: expect.stringContaining('create issuer windlass-new'),
        nextStep: expect.stringContaining(`update on "${ca.mount}/root/rotate/internal"`),
      },
    });
  });

  it.each([
    ['switch the default', /("[^"]*config\/issuers" .*), "update"/, 'config/issuers', 1],
    ['restrict the old CA', /("[^"]*issuer\/\+" .*), "patch"/, 'issuer/', 1],
    ['issue from the new CA', /path "[^"]*issuer\/\+\/issue\/.*()/, 'issue/clients', 2],
  ])(
    'ca.denied while nothing is switched for a token that may not %s',
    async (_what, right, path, issuers) => {
      const { ca, oldId } = await newIssuingCa(vault);
      const policy = await shippedPolicy(ca);
      const lacking = policy.replace(right, '$1');
      expect(lacking).not.toBe(policy);
      const limited = await limitedTo(vault, ca, lacking);
      await expect(source.prepareIssuer(limited, newRoot)).rejects.toMatchObject({
        problem: { code: 'ca.denied', nextStep: expect.stringContaining(path) },
      });
      const after = await source.survey(ca);
      expect([after.defaultIssuerId, after.issuers.length]).toEqual([oldId, issuers]);
    },
  );

  it('ca.denied for a token that expired in mid-rotation (F21)', async () => {
    const { ca } = await newIssuingCa(vault);
    const brief = await limitedTo(
      vault,
      ca,
      `path "${ca.mount}/*" { capabilities = ["read", "list"] }`,
      '1s',
    );
    expect((await source.survey(brief)).issuers).toHaveLength(1);
    await sleep(1_500);
    await expect(source.survey(brief)).rejects.toMatchObject({
      problem: { code: 'ca.denied', detail: expect.stringContaining('invalid token') },
    });
  });

  it('ca.rate-limited, transient, over a quota (F21)', async () => {
    const { ca } = await newIssuingCa(vault);
    await callApi(vault, 'POST', 'sys/quotas/rate-limit/tight', {
      path: `${ca.mount}/`,
      rate: 1,
      interval: '60s',
    });
    const surveys = Promise.all([source.survey(ca), source.survey(ca)]);
    await expect(surveys).rejects.toMatchObject({ transient: true, problem: { code: 'ca.rate-limited' } });
  });
});
