import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { VaultCaSource } from '#ca-source';
import type { VaultTokenCa } from '#engine';
import { parseBundle } from '#trust';
import { newChain, newRoleIn, newSignedIn } from './ca-chains.backends.js';
import { type Backend, callApi, ONE_YEAR, TEN_MINUTES } from './ca-source.backends.js';
import { startInterferingProxy } from './ca-source.interference.js';
import { untilDone } from './ca-source.repeats.js';

const source = new VaultCaSource();
const request = { name: 'windlass-new', commonName: 'New CA', ttlSeconds: ONE_YEAR };

const issuersOf = async (ca: VaultTokenCa) => (await source.survey(ca)).issuers;
const subject = (pem: string) => new X509Certificate(pem).subject;

/** Issuing CAs that another PKI mount signs (docs/ca-chains.md). */
export function describeChains(backend: () => Backend): void {
  describe('an issuing CA below another one', () => {
    it.each([2, 3, 4] as const)('is made, used and withdrawn in a chain of %i', async (levels) => {
      const { ca, oldId, pems } = await newChain(backend(), levels);
      const made = await source.prepareIssuer(ca, request);
      const [above = ''] = pems.toReversed().slice(1);
      const certificate = new X509Certificate(made.certificatePem);
      expect([certificate.ca, certificate.subject, certificate.issuer]).toEqual([
        true,
        'CN=New CA',
        subject(above),
      ]);
      expect(certificate.verify(new X509Certificate(above).publicKey)).toBe(true);
      expect(made).toMatchObject({ name: 'windlass-new' });
      expect(made.usage).not.toContain('issuing-certificates');
      const surveyed = (await issuersOf(ca)).find(({ id }) => id === made.id);
      expect(surveyed?.parentsPem).toContain(above.trim());
      await source.setIssuing(ca, made.id, true);
      await source.switchDefault(ca, oldId, made.id);
      const leaf = await source.issueLeaf(ca, { issuerId: null, commonName: 'c', ttlSeconds: TEN_MINUTES });
      expect(parseBundle(leaf.chainPem).certificates[0]?.subject).toBe('CN=New CA');
      await source.switchDefault(ca, made.id, oldId);
      await source.withdrawIssuer(ca, request.name, false);
      expect((await issuersOf(ca)).map(({ id }) => id)).toEqual([oldId]);
      expect((await source.prepareIssuer(ca, request)).id).not.toBe(made.id);
    });

    it('may have CAs below it where the one before it may', async () => {
      const { ca, parent } = await newChain(backend(), 3);
      const pathLength = async (name: string) => {
        const { certificatePem } = await source.prepareIssuer(ca, { ...request, name });
        return parseBundle(certificatePem).certificates[0]?.basicConstraints?.pathLength;
      };
      expect(await pathLength('windlass-1')).toBeNull();
      await newSignedIn(backend(), ca.mount, parent.mount, 'Old CA', { max_path_length: 0 });
      expect(await pathLength('windlass-2')).toBe(0);
    });

    it('F44 is one, however often it is asked for, and by how many at once', async () => {
      const { ca, oldId } = await newChain(backend(), 3);
      const made = await Promise.all([1, 2, 3, 4].map(() => source.prepareIssuer(ca, request)));
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      expect(await source.prepareIssuer(ca, request)).toEqual(made[0]);
      expect(await issuersOf(ca)).toHaveLength(2);
      await source.withdrawIssuer(ca, request.name, false);
      expect((await issuersOf(ca)).map(({ id }) => id)).toEqual([oldId]);
    });

    it.each([
      ['making the key', /generate\/intermediate\/internal$/],
      ['signing', /sign-intermediate$/],
      ['importing', /set-signed$/],
      ['naming', /^PATCH .*\/issuer\/[^/]+$/],
      ['every write', /^(POST|PATCH|DELETE) /],
    ])('F44 is one after the lost reply of %s, and leaves nothing behind', async (_, losing) => {
      const { ca, oldId } = await newChain(backend(), 3);
      const lost = new Set<string>();
      const proxy = await startInterferingProxy(backend().address, async (asked) => {
        if (!losing.test(asked) || lost.has(asked)) return 'pass';
        lost.add(asked);
        return 'lose';
      });
      const behind = { ...ca, address: proxy.address };
      try {
        await untilDone(() => source.prepareIssuer(behind, request));
        expect(await issuersOf(ca)).toHaveLength(2);
        await untilDone(() => source.withdrawIssuer(behind, request.name, false));
        expect((await issuersOf(ca)).map(({ id }) => id)).toEqual([oldId]);
        expect(lost.size).toBeGreaterThan(0);
      } finally {
        await proxy.close();
      }
      const keys = await callApi(backend(), 'GET', `${ca.mount}/key/${request.name}`).then(
        () => 'left',
        () => 'gone',
      );
      expect(keys).toBe('gone');
    });

    it('F44 is withdrawn where it was imported, and nobody heard of it', async () => {
      const { ca, oldId } = await newChain(backend(), 2);
      const proxy = await startInterferingProxy(backend().address, async (asked) =>
        /set-signed$/.test(asked) ? 'lose' : 'pass',
      );
      const behind = { ...ca, address: proxy.address };
      await expect(source.prepareIssuer(behind, request)).rejects.toMatchObject({ transient: true });
      await proxy.close();
      expect(await issuersOf(ca)).toHaveLength(2);
      await source.withdrawIssuer(ca, request.name, false);
      expect((await issuersOf(ca)).map(({ id }) => id)).toEqual([oldId]);
    });

    it('ca.lifetime-cut, with nothing imported, where the parent ends before', async () => {
      const { ca, oldId } = await newChain(backend(), 3);
      const longer = { ...request, ttlSeconds: 3 * ONE_YEAR };
      await expect(source.prepareIssuer(ca, longer)).rejects.toMatchObject({
        transient: false,
        problem: { code: 'ca.lifetime-cut', message: expect.stringContaining(ca.signedBy?.mount ?? '?') },
      });
      expect((await issuersOf(ca)).map(({ id }) => id)).toEqual([oldId]);
      await source.withdrawIssuer(ca, request.name, false);
    });

    it('ca.parent-refused where the parent may have no CA below it', async () => {
      const { ca, parent, oldId } = await newChain(backend(), 3);
      const { mount } = parent;
      await newSignedIn(backend(), mount, mount.replace('level-1', 'level-0'), 'Short', {
        max_path_length: 0,
      });
      await expect(source.prepareIssuer(ca, request)).rejects.toMatchObject({
        problem: { code: 'ca.parent-refused', message: expect.stringContaining(mount) },
      });
      expect((await issuersOf(ca)).map(({ id }) => id)).toEqual([oldId]);
    });

    it('ca.unknown-issuer names the mount of a parent that is not there', async () => {
      const { ca, parent } = await newChain({ ...backend(), restrict: async (one) => one }, 2);
      const orphan = { ...ca, signedBy: { ...parent, issuer: 'nobody' } };
      await expect(
        source.prepareIssuer({ ...orphan, token: backend().token }, request),
      ).rejects.toMatchObject({
        problem: { code: 'ca.unknown-issuer', message: expect.stringContaining(`mount ${parent.mount}`) },
      });
      expect(await issuersOf(orphan)).toHaveLength(1);
    });
  });

  describe('a role that names an issuer', () => {
    const roleOf = async (ca: VaultTokenCa, role: string) =>
      (await callApi(backend(), 'GET', `${ca.mount}/roles/${role}`)).data;

    it('moves and moves back, with everything else in it', async () => {
      const { ca, oldId } = await newChain(backend(), 2, { pinnedRoles: 'move' });
      await newRoleIn(backend(), ca.mount, 'robots', oldId);
      const before = await roleOf(ca, 'robots');
      const { id } = await source.prepareIssuer(ca, request);
      for (let time = 0; time < 2; time++) await source.moveRole(ca, 'robots', oldId, id);
      expect(await roleOf(ca, 'robots')).toEqual({ ...before, issuer_ref: id });
      for (let time = 0; time < 2; time++) await source.moveRole(ca, 'robots', id, oldId);
      expect(await roleOf(ca, 'robots')).toEqual(before);
    });

    it('ca.changed-by-others names one that somebody else moved', async () => {
      const { ca, oldId } = await newChain(backend(), 2, { pinnedRoles: 'move' });
      await newRoleIn(backend(), ca.mount, 'robots', 'default');
      await expect(source.moveRole(ca, 'robots', oldId, 'another')).rejects.toMatchObject({
        problem: { code: 'ca.changed-by-others', message: expect.stringContaining('role robots') },
      });
      expect(await roleOf(ca, 'robots')).toMatchObject({ issuer_ref: 'default' });
    });

    it('is left at being gone', async () => {
      const { ca, oldId } = await newChain(backend(), 2, { pinnedRoles: 'move' });
      await expect(source.moveRole(ca, 'gone', oldId, 'another')).resolves.toBeUndefined();
    });
  });
}
