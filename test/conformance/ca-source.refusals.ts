import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { VaultCaSource } from '#ca-source';
import { PortError, Secret, type VaultTokenCa } from '#engine';
import { freePort } from '#kit';
import { type Backend, callApi, newIssuingCa, ONE_YEAR, TEN_MINUTES } from './ca-source.backends.js';
import { startInterferingProxy } from './ca-source.interference.js';

const source = new VaultCaSource();
const newRoot = { name: 'windlass-new', commonName: 'New CA', ttlSeconds: ONE_YEAR };
const leaf = { issuerId: null, commonName: 'client', ttlSeconds: TEN_MINUTES };

/** Every refusal has the code that the port documents, says what to do, and holds no secret. */
export function describeRefusals(backend: () => Backend): void {
  describe('refusals', () => {
    it('ca.denied for a token that Vault does not know', async () => {
      const { ca } = await newIssuingCa(backend());
      const stranger = { ...ca, token: new Secret(`stranger-${randomUUID()}`) };
      const writes = [
        () => source.survey(stranger),
        () => source.prepareIssuer(stranger, newRoot),
        () => source.issueLeaf(stranger, leaf),
      ];
      for (const write of writes) expect(await refusal(stranger, write)).toMatchObject({ code: 'ca.denied' });
    });

    it('ca.wrong-mount for a path without a PKI', async () => {
      const { ca } = await newIssuingCa(backend());
      const elsewhere = { ...ca, mount: 'nowhere' };
      // The policy is asked first: who has no right there learns nothing of what is there.
      const code = backend().restrict ? 'ca.denied' : 'ca.wrong-mount';
      expect(await refusal(elsewhere, () => source.survey(elsewhere))).toMatchObject({
        code,
        message: expect.stringContaining('mount nowhere'),
      });
      expect(await refusal(elsewhere, () => source.issueLeaf(elsewhere, leaf))).toMatchObject({ code });
    });

    it('ca.sealed, transient, while Vault is sealed', async () => {
      const { ca } = await newIssuingCa(backend());
      await backend().seal();
      try {
        const problem = await refusal(ca, () => source.survey(ca), { transient: true });
        expect(problem).toMatchObject({ code: 'ca.sealed', message: expect.stringContaining(ca.address) });
        await refusal(ca, () => source.prepareIssuer(ca, newRoot), { transient: true });
      } finally {
        await backend().unseal();
      }
      expect((await source.survey(ca)).issuers).toHaveLength(1);
    });

    it('ca.unreachable, transient, for a port where nobody listens', async () => {
      const { ca } = await newIssuingCa(backend());
      const nobody = { ...ca, address: `http://127.0.0.1:${await freePort()}` };
      const problem = await refusal(nobody, () => source.survey(nobody), { transient: true });
      expect(problem).toMatchObject({
        code: 'ca.unreachable',
        message: expect.stringContaining(nobody.address),
      });
    });

    it('ca.unknown-role', async () => {
      const { ca } = await newIssuingCa(backend());
      const roleless = { ...ca, role: 'nobody' };
      expect(await refusal(roleless, () => source.issueLeaf(roleless, leaf))).toMatchObject({
        code: 'ca.unknown-role',
      });
    });

    it('ca.unknown-issuer, although Vault answers 500', async () => {
      const { ca, oldId } = await newIssuingCa(backend());
      const issuerId = randomUUID();
      const code = 'ca.unknown-issuer';
      expect(await refusal(ca, () => source.setIssuing(ca, issuerId, true))).toMatchObject({ code });
      expect(await refusal(ca, () => source.issueLeaf(ca, { ...leaf, issuerId }))).toMatchObject({ code });
      expect(await refusal(ca, () => source.switchDefault(ca, oldId, issuerId))).toMatchObject({ code });
    });

    it('ca.no-default-issuer', async () => {
      const { ca, oldId } = await newIssuingCa(backend());
      await callApi(backend(), 'DELETE', `${ca.mount}/issuer/${oldId}`);
      const code = 'ca.no-default-issuer';
      expect(await refusal(ca, () => source.survey(ca))).toMatchObject({ code });
      expect(await refusal(ca, () => source.prepareIssuer(ca, newRoot))).toMatchObject({ code });
      expect(await refusal(ca, () => source.issueLeaf(ca, leaf))).toMatchObject({ code });
    });

    it('ca.usage-forbids, although Vault answers 500', async () => {
      const { ca } = await newIssuingCa(backend());
      const { id } = await source.prepareIssuer(ca, newRoot);
      const problem = await refusal(ca, () => source.issueLeaf(ca, { ...leaf, issuerId: id }));
      expect(problem).toMatchObject({
        code: 'ca.usage-forbids',
        detail: expect.stringContaining('crl-signing'),
      });
    });

    it('ca.changed-by-others when the default is neither the old nor the new issuer', async () => {
      const { ca, oldId } = await newIssuingCa(backend());
      const { id } = await source.prepareIssuer(ca, newRoot);
      const { data } = await callApi(backend(), 'POST', `${ca.mount}/root/rotate/internal`, {
        common_name: 'Third CA',
        key_type: 'ec',
      });
      await callApi(backend(), 'POST', `${ca.mount}/config/issuers`, { default: data.issuer_id });
      const problem = await refusal(ca, () => source.switchDefault(ca, oldId, id));
      expect(problem).toMatchObject({
        code: 'ca.changed-by-others',
        message: expect.stringContaining(oldId),
      });
      expect((await source.survey(ca)).defaultIssuerId).toBe(data.issuer_id);
    });

    it('ca.changed-by-others when somebody changes the default at the same moment (F45)', async () => {
      const { ca, oldId } = await newIssuingCa(backend());
      const { id } = await source.prepareIssuer(ca, newRoot);
      const code = 'ca.changed-by-others';
      for (const theirs of [{ default: oldId }, { default: id, default_follows_latest_issuer: true }]) {
        await callApi(backend(), 'POST', `${ca.mount}/config/issuers`, { default: oldId });
        const meddled = await meddling(backend(), ca, /^POST .*config\/issuers$/, theirs);
        expect(await refusal(ca, () => source.switchDefault(meddled.ca, oldId, id))).toMatchObject({ code });
        await meddled.close();
      }
      await callApi(backend(), 'POST', `${ca.mount}/config/issuers`, { default: oldId });
      const meddled = await meddling(backend(), ca, /^PATCH /, { default: id });
      await source.setIssuing(ca, id, true);
      expect(await refusal(ca, () => source.prepareIssuer(meddled.ca, newRoot))).toMatchObject({ code });
      await meddled.close();
    });

    it('ca.changed-by-others instead of deleting or restricting the default', async () => {
      const { ca } = await newIssuingCa(backend());
      const { id } = await source.prepareIssuer(ca, newRoot);
      await callApi(backend(), 'POST', `${ca.mount}/config/issuers`, { default: id });
      const code = 'ca.changed-by-others';
      expect(await refusal(ca, () => source.withdrawIssuer(ca, newRoot.name, true))).toMatchObject({ code });
      expect(await refusal(ca, () => source.prepareIssuer(ca, newRoot))).toMatchObject({ code });
      expect(await source.survey(ca)).toMatchObject({ defaultIssuerId: id, defaultFollowsLatest: false });
    });

    it('ca.changed-by-others for an issuer of that name with another subject, left as it is', async () => {
      const { ca } = await newIssuingCa(backend());
      await callApi(backend(), 'POST', `${ca.mount}/root/rotate/internal`, {
        issuer_name: newRoot.name,
        common_name: 'Foreign CA',
        key_type: 'ec',
      });
      expect(await refusal(ca, () => source.prepareIssuer(ca, newRoot))).toMatchObject({
        code: 'ca.changed-by-others',
        message: expect.stringContaining('Foreign CA'),
      });
      const foreign = (await source.survey(ca)).issuers.find(({ name }) => name === newRoot.name);
      expect(foreign?.usage).toContain('issuing-certificates');
    });

    it('ca.failed when the mount cuts the lifetime of the new CA, which cannot issue by then', async () => {
      const { ca } = await newIssuingCa(backend());
      const eternal = { ...newRoot, ttlSeconds: 20 * ONE_YEAR };
      expect(await refusal(ca, () => source.prepareIssuer(ca, eternal))).toMatchObject({
        code: 'ca.failed',
        nextStep: expect.stringContaining('-max-lease-ttl=630720000s'),
      });
      const cut = (await source.survey(ca)).issuers.find(({ name }) => name === newRoot.name);
      expect(cut?.usage).not.toContain('issuing-certificates');
    });
  });
}

/** The same CA, where somebody else writes `theirs` to the default whenever a request that matches was done. */
async function meddling(backend: Backend, ca: VaultTokenCa, request: RegExp, theirs: object) {
  const { address, close } = await startInterferingProxy(backend.address, async (asked) => {
    if (request.test(asked)) await callApi(backend, 'POST', `${ca.mount}/config/issuers`, theirs);
    return 'pass';
  });
  return { ca: { ...ca, address }, close };
}

/** Runs what must be refused and checks what holds for every refusal. */
async function refusal(ca: VaultTokenCa, action: () => Promise<unknown>, expected = { transient: false }) {
  const error = await action().then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PortError)) throw error;
  expect(error.transient).toBe(expected.transient);
  expect(error.problem.nextStep).not.toBe('');
  expect(error.cause).toBeUndefined();
  for (const text of [
    JSON.stringify(error),
    inspect(error, { depth: 20 }),
    String(error),
    error.stack ?? '',
  ]) {
    expect(text).not.toContain(ca.token.reveal());
    expect(text).not.toContain('PRIVATE KEY');
  }
  return error.problem;
}
