import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VaultCaSource } from '#ca-source';
import { type IssuingCa, Secret } from '#engine';
import { startVault, type TestVault } from '../kit/vault.js';
import { callApi, newIssuingCa, ONE_YEAR, TEN_MINUTES } from './ca-source.backends.js';

const source = new VaultCaSource();
const newRoot = { name: 'windlass-new', commonName: 'New CA', ttlSeconds: ONE_YEAR };

/** What only the real Vault has: policies, token lifetimes, quotas. */
describe('CaSource over Vault alone', () => {
  let vault: TestVault;
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(() => vault?.stop());

  /** The same CA through a token that has `policy` and nothing else. */
  async function restricted(ca: IssuingCa, policy: string, ttl = '1h'): Promise<IssuingCa> {
    await callApi(vault, 'PUT', 'sys/policies/acl/windlass', { policy });
    const created = await callApi(vault, 'POST', 'auth/token/create', {
      policies: ['windlass'],
      no_default_policy: true,
      ttl,
    });
    return { ...ca, token: new Secret(created.auth?.client_token ?? '') };
  }

  it('rotates, falls back and withdraws with vault-policy.hcl alone', async () => {
    const { ca, oldId } = await newIssuingCa(vault);
    const url = new URL('../../libs/ca-source/vault-policy.hcl', import.meta.url);
    const policy = (await readFile(url, 'utf8')).replaceAll('"pki/', `"${ca.mount}/`);
    const ours = await restricted(ca, policy);
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

  it('ca.denied names the capability that a policy lacks', async () => {
    const { ca } = await newIssuingCa(vault);
    const reader = await restricted(ca, `path "${ca.mount}/+/issuers" { capabilities = ["read"] }`);
    await expect(source.prepareIssuer(reader, newRoot)).rejects.toMatchObject({
      transient: false,
      problem: {
        code: 'ca.denied',
        message: expect.stringContaining('create issuer windlass-new'),
        nextStep: expect.stringContaining(`update on "${ca.mount}/root/rotate/internal"`),
      },
    });
  });

  it('ca.denied for a token that expired in mid-rotation (F21)', async () => {
    const { ca } = await newIssuingCa(vault);
    const brief = await restricted(ca, `path "${ca.mount}/*" { capabilities = ["read", "list"] }`, '1s');
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
