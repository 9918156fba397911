import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { VaultCaSource } from '#ca-source';
import { type Backend, callApi, newIssuingCa, ONE_YEAR } from './ca-source.backends.js';
import { startInterferingProxy } from './ca-source.interference.js';

const source = new VaultCaSource();
const newRoot = { name: 'windlass-new', commonName: 'New CA', ttlSeconds: ONE_YEAR };

/** Every write done twice, at once, or with its reply lost, leaves what one write leaves (F44). */
export function describeRepeats(backend: () => Backend): void {
  describe('repeated writes', () => {
    it('prepare one issuer', async () => {
      const { ca } = await newIssuingCa(backend());
      const first = await source.prepareIssuer(ca, newRoot);
      expect(await source.prepareIssuer(ca, newRoot)).toEqual(first);
      expect((await source.survey(ca)).issuers).toHaveLength(2);
    });

    it.each(['Größe, "x" = 1/2 + ☃', 'ca.example.com'])(
      'prepare one issuer for the common name %s',
      async (commonName) => {
        const { ca } = await newIssuingCa(backend());
        const first = await source.prepareIssuer(ca, { ...newRoot, commonName });
        expect(await source.prepareIssuer(ca, { ...newRoot, commonName })).toEqual(first);
        expect(new X509Certificate(first.certificatePem).subjectAltName).toBeUndefined();
      },
    );

    it('prepare one issuer when several ask at once', async () => {
      const { ca } = await newIssuingCa(backend());
      const prepared = await Promise.all([1, 2, 3, 4].map(() => source.prepareIssuer(ca, newRoot)));
      expect(new Set(prepared.map(({ id }) => id)).size).toBe(1);
      expect((await source.survey(ca)).issuers).toHaveLength(2);
    });

    it('restrict an issuer that was created and not yet kept from issuing', async () => {
      const { ca } = await newIssuingCa(backend());
      await callApi(backend(), 'POST', `${ca.mount}/root/rotate/internal`, {
        issuer_name: newRoot.name,
        common_name: newRoot.commonName,
        ttl: `${ONE_YEAR}s`,
        key_type: 'ec',
      });
      expect((await source.prepareIssuer(ca, newRoot)).usage).not.toContain('issuing-certificates');
    });

    it('switch, allow, restrict and withdraw as often as asked', async () => {
      const { ca, oldId } = await newIssuingCa(backend());
      const { id } = await source.prepareIssuer(ca, newRoot);
      const allowed = await source.setIssuing(ca, id, true);
      expect(await source.setIssuing(ca, id, true)).toEqual(allowed);
      await source.switchDefault(ca, oldId, id);
      await source.switchDefault(ca, oldId, id);
      expect((await source.survey(ca)).defaultIssuerId).toBe(id);
      await source.switchDefault(ca, id, oldId);
      const restricted = await source.setIssuing(ca, id, false);
      expect(await source.setIssuing(ca, id, false)).toEqual(restricted);
      await source.withdrawIssuer(ca, newRoot.name, false);
      await source.withdrawIssuer(ca, newRoot.name, false);
      expect((await source.survey(ca)).issuers.map((issuer) => issuer.id)).toEqual([oldId]);
    });

    it('leave room for the same name after a withdrawal, key included', async () => {
      const { ca } = await newIssuingCa(backend());
      const first = await source.prepareIssuer(ca, newRoot);
      await source.withdrawIssuer(ca, newRoot.name, false);
      expect((await source.prepareIssuer(ca, newRoot)).id).not.toBe(first.id);
    });

    it.each([
      { lost: 'of creating the issuer', request: /root\/rotate\/internal$/ },
      { lost: 'of pinning the default', request: /^POST .*config\/issuers$/ },
      { lost: 'of every write', request: /^(POST|PATCH|DELETE) / },
    ])('survive the lost reply $lost', async ({ request }) => {
      const { ca, oldId } = await newIssuingCa(backend());
      const config = { default: oldId, default_follows_latest_issuer: true };
      await callApi(backend(), 'POST', `${ca.mount}/config/issuers`, config);
      const lost = new Set<string>();
      const proxy = await startInterferingProxy(backend().address, async (asked) => {
        if (!request.test(asked) || lost.has(asked)) return 'pass';
        lost.add(asked);
        return 'lose';
      });
      const behindProxy = { ...ca, address: proxy.address };
      try {
        await untilDone(() => source.prepareIssuer(behindProxy, newRoot));
        const { issuers, ...rest } = await source.survey(ca);
        expect(issuers).toHaveLength(2);
        expect(rest).toMatchObject({ defaultIssuerId: oldId, defaultFollowsLatest: false });
        await untilDone(() => source.withdrawIssuer(behindProxy, newRoot.name, true));
        expect((await source.survey(ca)).issuers).toHaveLength(1);
        expect(lost.size).toBeGreaterThan(0);
      } finally {
        await proxy.close();
      }
    });
  });
}

/** Repeats while the answer is that waiting helps, as the engine does. */
export async function untilDone(action: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; attempt <= 10; attempt++) {
    const outcome = await action().then(
      () => 'done',
      (error: unknown) => error,
    );
    if (outcome === 'done') return;
    expect(outcome).toMatchObject({ transient: true, problem: { code: 'ca.unreachable' } });
  }
  throw new Error('not done after 10 attempts');
}
