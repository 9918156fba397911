import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CaSources } from '#ca-source';
import { Secret, type UploadCa, type UploadedCas } from '#engine';
import { PostgresUploadedCas } from '#persistence';
import { makeCa } from '../kit/pki.js';
import { aFleet, openTestStores, type TestStores } from '../kit/stored-fleet.js';

const DAY = 86_400_000;
const leaf = { commonName: 'ignored', ttlSeconds: 60 };
const aRequest = { name: 'windlass-1', commonName: 'ignored', ttlSeconds: 60 };

/** What people brought, behind the port that a Vault is behind. */
describe('CaSource over what people upload', () => {
  let stores: TestStores;
  let uploads: UploadedCas;
  let source: CaSources;

  beforeAll(async () => {
    stores = await openTestStores();
    uploads = new PostgresUploadedCas(stores.dataSource, stores.box);
    source = new CaSources(uploads);
  });
  afterAll(() => stores?.close());

  const brought = async (commonName: string, notAfter = Date.now() + 90 * DAY) => {
    const ca = await makeCa({ commonName });
    const client = await ca.issueClient({ commonName: `client of ${commonName}`, notAfter });
    const probe = { ...client, chainPem: '', privateKey: new Secret(client.privateKeyPem) };
    const fingerprint = randomUUID().replaceAll('-', '').repeat(2);
    return { certificatePem: ca.certificatePem, fingerprint, probe };
  };
  const recorded = async (notAfter?: number): Promise<{ ca: UploadCa; oldId: string }> => {
    const issuingCa = { kind: 'upload' as const, name: `CA ${randomUUID()}` };
    const first = await brought('Old CA', notAfter);
    const { id } = (await stores.fleetRecords.createFleet(aFleet({ issuingCa: { ...issuingCa, first } })))
      .issuingCa;
    const ca = { ...issuingCa, id };
    return { ca, oldId: (await source.survey(ca)).defaultIssuerId };
  };
  const states = async (ca: UploadCa) =>
    (await uploads.list(ca.id)).map(({ id, state }) => [id, state] as const);

  it('surveys the current one, and says that people drive it', async () => {
    const { ca, oldId } = await recorded();
    const survey = await source.survey(ca);
    expect(survey).toMatchObject({
      product: 'uploaded CA',
      byHand: true,
      roles: [],
      defaultFollowsLatest: false,
    });
    expect(survey.issuers).toMatchObject([{ id: oldId, name: 'CN=Old CA', usage: ['issuing-certificates'] }]);
    expect(await source.outstanding(ca, oldId)).toEqual({
      ...{ leaves: [], longestTtlSeconds: null, unknown: `Windlass cannot ask ${ca.name} what it issued` },
    });
  });

  it('has nothing to bring before something was brought', async () => {
    const { ca } = await recorded();
    await expect(source.prepareIssuer(ca, aRequest)).rejects.toMatchObject({
      transient: false,
      problem: { code: 'ca.nothing-uploaded', message: expect.stringContaining(ca.name) },
    });
  });

  it('switches and falls back as often as asked, and keeps the new one for another try', async () => {
    const { ca, oldId } = await recorded();
    const { id } = await uploads.add(ca.id, await brought('New CA'));
    const prepared = await source.prepareIssuer(ca, aRequest);
    expect(prepared).toMatchObject({ id, name: 'CN=New CA', usage: [] });
    expect(await source.prepareIssuer(ca, aRequest)).toEqual(prepared);
    expect((await source.setIssuing(ca, id, true)).usage).toEqual(['issuing-certificates']);
    for (let time = 0; time < 2; time++) await source.switchDefault(ca, oldId, id);
    expect(await states(ca)).toEqual([
      [oldId, 'past'],
      [id, 'current'],
    ]);
    for (let time = 0; time < 2; time++) await source.switchDefault(ca, id, oldId);
    await source.withdrawIssuer(ca, aRequest.name, false);
    expect(await states(ca)).toEqual([
      [oldId, 'current'],
      [id, 'next'],
    ]);
  });

  it('shows the client of the one that is asked for', async () => {
    const { ca, oldId } = await recorded();
    const next = await brought('New CA');
    const { id } = await uploads.add(ca.id, next);
    const { certificatePem, issuerPem, privateKey } = await source.issueLeaf(ca, { ...leaf, issuerId: id });
    expect([certificatePem, issuerPem]).toEqual([next.probe.certificatePem, next.certificatePem]);
    expect(privateKey.reveal()).toBe(next.probe.privateKey.reveal());
    const old = await source.issueLeaf(ca, { ...leaf, issuerId: oldId });
    expect(await source.issueLeaf(ca, { ...leaf, issuerId: null })).toEqual(old);
  });

  it('gives the CRL that was brought last with the CA, and names the CA that came without', async () => {
    const { ca, oldId } = await recorded();
    await expect(source.crl(ca, oldId)).rejects.toMatchObject({
      transient: false,
      problem: { code: 'ca.no-crl', message: expect.stringContaining('CN=Old CA') },
    });
    const next = await brought('New CA');
    const { id } = await uploads.add(ca.id, { ...next, crlPem: 'first' });
    await uploads.add(ca.id, { ...next, crlPem: 'second' });
    await uploads.add(ca.id, next);
    expect(await source.crl(ca, id)).toBe('second');
  });

  it('ca.probe-expired names the client that ended', async () => {
    const { ca } = await recorded(Date.now() - 1000);
    await expect(source.issueLeaf(ca, { ...leaf, issuerId: null })).rejects.toMatchObject({
      problem: { code: 'ca.probe-expired', message: expect.stringContaining('CN=client of Old CA') },
    });
  });

  it('ca.changed-by-others where somebody rotated it meanwhile', async () => {
    const { ca, oldId } = await recorded();
    const { id } = await uploads.add(ca.id, await brought('New CA'));
    const { id: third } = await uploads.add(ca.id, await brought('Third CA'));
    await source.switchDefault(ca, oldId, third);
    await expect(source.switchDefault(ca, oldId, id)).rejects.toMatchObject({
      problem: { code: 'ca.changed-by-others', message: expect.stringContaining(third) },
    });
    const nobody = { ...leaf, issuerId: randomUUID() };
    await expect(source.issueLeaf(ca, nobody)).rejects.toMatchObject({
      problem: { code: 'ca.unknown-issuer' },
    });
  });

  it('takes one of two that are brought at once as the next', async () => {
    const { ca } = await recorded();
    const both = await Promise.all(['A', 'B', 'C'].map((name) => brought(name)));
    await Promise.all(both.map((one) => uploads.add(ca.id, one)));
    expect((await states(ca)).map(([, state]) => state).sort()).toEqual(['current', 'next', 'past', 'past']);
  });
});
