import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa, revocationList, type TestCa } from '#kit';
import { aFleetBody } from './bodies.js';
import { expectNowhere } from './expect-nowhere.js';
import { type RunningApi, runApi } from './running-api.js';
import { brought, withProbe } from './uploads.js';

const DAY = 86_400_000;

/** What a person brings of a CA that Windlass cannot drive is judged when it is brought (F22). */
describe('a CA that is uploaded', () => {
  const secrets: Record<string, string> = {};
  let api: RunningApi;
  let old: TestCa;
  let fleetId: string;
  let path: string;

  const plant = <Brought extends Awaited<ReturnType<typeof brought>>>(one: Brought): Brought => {
    secrets[`key ${Object.keys(secrets).length}`] = one.probe.privateKey;
    return one;
  };
  const record = async (over: object, issuingCa: object = {}) => {
    const kind = { kind: 'upload', name: 'EJBCA test' };
    const body = { ...(await aFleetBody()), bundlePem: old.certificatePem, ...over };
    return api.call('POST', '/v1/fleets', {
      body: { ...body, issuingCa: { ...kind, ...(await brought(old)), ...issuingCa } },
    });
  };
  const upload = (body: object) => api.call('POST', path, { body });

  beforeAll(async () => {
    api = await runApi();
    old = await makeCa({ commonName: 'Old CA' });
    const made = await record({}, plant(await brought(old)));
    expect(made.status, made.text).toBe(201);
    expect(made.body.issuingCa).toEqual({ kind: 'upload', id: expect.any(String), name: 'EJBCA test' });
    fleetId = made.body.id;
    path = `/v1/fleets/${fleetId}/uploaded-cas`;
  });
  afterAll(() => api?.stop());

  it('is the current one, and the next one when it is new; the last one that is brought counts', async () => {
    const [first, second] = await Promise.all(
      ['New CA', 'Newer CA'].map((commonName) => makeCa({ commonName })),
    );
    if (!first || !second) throw new Error('no CAs');
    for (const ca of [first, second]) expect((await upload(plant(await brought(ca)))).status).toBe(201);
    const states = async () => {
      const { items } = (await api.call('GET', path)).body;
      return items.map((one: { subject: string; state: string }) => `${one.subject} ${one.state}`);
    };
    expect(await states()).toEqual(['CN=Old CA current', 'CN=New CA past', 'CN=Newer CA next']);
    const again = await upload(plant(await brought(first)));
    expect(again.body).toMatchObject({ subject: 'CN=New CA', state: 'next' });
    expect(await states()).toEqual(['CN=Old CA current', 'CN=New CA next', 'CN=Newer CA past']);
  });

  it('gets another client where it is known', async () => {
    const notAfter = Date.now() + 9 * DAY;
    const renewed = await upload(plant(await brought(old, { notAfter })));
    expect(renewed.body).toMatchObject({ subject: 'CN=Old CA', state: 'current' });
    expect(Date.parse(renewed.body.probeNotAfter)).toBeCloseTo(notAfter, -4);
  });

  const good = async (over = {}) => brought(await makeCa({ commonName: 'Bad CA', ...over }));
  it.each<[what: string, code: string, names: RegExp, body: () => Promise<object>]>([
    [
      'nothing',
      'ca.no-certificate',
      /0 certificates/,
      async () => ({ ...(await good()), certificatePem: '' }),
    ],
    [
      'the same twice',
      ...(['ca.no-certificate', /2 certificates/] as const),
      async () => {
        const one = await good();
        return { ...one, certificatePem: one.certificatePem + one.certificatePem };
      },
    ],
    [
      'a leaf',
      ...(['ca.not-a-ca', /CN=windlass probe/] as const),
      async () => {
        const { probe } = await good();
        return { probe, certificatePem: probe.certificatePem };
      },
    ],
    ['CA:FALSE', 'ca.not-a-ca', /CN=Bad CA/, () => good({ basicConstraints: { ca: false } })],
    ['an expired one', 'ca.expired', /CN=Bad CA/, () => good({ notAfter: Date.now() - DAY, notBefore: 0 })],
    ['one of tomorrow', 'ca.unusable', /CN=Bad CA/, () => good({ notBefore: Date.now() + DAY })],
    ['a weak key', 'ca.unusable', /CN=Bad CA.*1024/, () => good({ key: 'RSA-1024' })],
    ['one that may not sign', 'ca.unusable', /CN=Bad CA/, () => good({ keyUsage: 2 })],
    [
      'the key of today',
      ...(['ca.already-trusted', /CN=Old CA/] as const),
      async () => brought(await old.crossSign(old, { notAfter: Date.now() + 99 * DAY })),
    ],
    [
      'an intermediate',
      ...(['ca.not-self-signed', /CN=Issuing/] as const),
      async () => brought(await old.issueIntermediate({ commonName: 'Issuing' })),
    ],
    [
      'a client of another CA',
      ...(['ca.probe-refused', /CN=windlass probe as one of CN=Bad CA/] as const),
      async () => ({ ...(await good()), probe: (await brought(old)).probe }),
    ],
    [
      'a client for servers',
      ...(['ca.probe-refused', /CN=windlass probe/] as const),
      async () =>
        brought(await makeCa({ commonName: 'Bad CA' }), { extendedKeyUsages: ['1.3.6.1.5.5.7.3.1'] }),
    ],
    [
      'a client that expired',
      ...(['ca.probe-refused', /CN=windlass probe/] as const),
      async () => brought(await makeCa({ commonName: 'Bad CA' }), { notAfter: Date.now() - 1000 }),
    ],
  ])('is refused for %s: %s (F22)', async (_what, code, names, body) => {
    const before = (await api.call('GET', path)).text;
    const refused = await upload(await body());
    expect(refused.body).toMatchObject({ status: 422, code, detail: expect.stringMatching(names) });
    expect(refused.body.detail).toContain('EJBCA test');
    expect(refused.body.nextAction).toMatch(/\w+/);
    expect((await api.call('GET', path)).text).toBe(before);
  });

  it('may have its CRL, and no other', async () => {
    const ca = await makeCa({ commonName: 'CA with a CRL' });
    const body = plant(await brought(ca));
    const foreign = await upload({ ...body, crlPem: await revocationList(old) });
    expect([foreign.status, foreign.body.code]).toEqual([422, 'crl.unusable']);
    expect(foreign.body.detail).toContain('the CRL of CN=Old CA');
    const own = await upload({ ...body, crlPem: await revocationList(ca) });
    expect(own.status, own.text).toBe(201);
  });

  it('may have intermediates, which its client sends', async () => {
    const root = await makeCa({ commonName: 'Root above' });
    const issuing = await root.issueIntermediate({ commonName: 'Issuing below' });
    const client = await issuing.issueClient({ commonName: 'windlass probe' });
    expect((await upload(withProbe(root, client))).body.code).toBe('ca.probe-refused');
    expect((await upload(plant(withProbe(root, client, issuing.certificatePem)))).status).toBe(201);
  });

  it('names the field at fault', async () => {
    const { probe, certificatePem } = await brought(old);
    const { privateKey } = (await brought(old)).probe;
    const faults: [object, string][] = [
      [{ probe }, '#/certificatePem'],
      [{ certificatePem }, '#/probe'],
      [{ certificatePem, probe: { ...probe, privateKey } }, '#/probe/privateKey'],
      [{ certificatePem, probe: { ...probe, privateKey: 'x' } }, '#/probe/privateKey'],
      [{ certificatePem, probe: { ...probe, certificatePem } }, '#/probe/certificatePem'],
      [{ certificatePem, probe, surprise: 1 }, '#/surprise'],
    ];
    for (const [body, pointer] of faults) {
      expect((await upload(body)).body.errors, pointer).toMatchObject([{ pointer }]);
      if (pointer === '#/surprise') continue;
      const inFleet = await api.call('POST', '/v1/fleets', {
        body: { ...(await aFleetBody()), issuingCa: { kind: 'upload', name: 'x', ...body } },
      });
      expect(inFleet.body.errors, pointer).toMatchObject([{ pointer: pointer.replace('#', '#/issuingCa') }]);
    }
    const soaked = await record({ contractWhen: 'soaked' });
    expect(soaked.body.errors).toMatchObject([{ pointer: '#/contractWhen' }]);
    const unknownKind = await record({}, { kind: 'pigeon' });
    expect(unknownKind.body.errors).toMatchObject([{ pointer: '#/issuingCa/kind' }]);
  });

  it('is shared under one name, and must be in the bundle', async () => {
    const same = await record({});
    expect(same.body.issuingCa.id).toBe((await api.call('GET', `/v1/fleets/${fleetId}`)).body.issuingCa.id);
    const other = await makeCa({ commonName: 'Another CA' });
    const bundlePem = other.certificatePem;
    expect((await record({}, await brought(other))).body.code).toBe('ca.not-in-bundle');
    expect((await record({ bundlePem }, await brought(other))).body.code).toBe('ca.name-taken');
  });

  it('is told apart from a Vault', async () => {
    const vault = await api.call('POST', '/v1/fleets', { body: await aFleetBody() });
    const elsewhere = `/v1/fleets/${vault.body.id}/uploaded-cas`;
    const reply = await api.call('POST', elsewhere, { body: await brought(old) });
    expect(reply.body).toMatchObject({ status: 409, code: 'ca.not-uploaded' });
    expect((await api.call('GET', elsewhere)).body.code).toBe('ca.not-uploaded');
    const login = await api.call('PUT', `/v1/fleets/${fleetId}/issuing-ca/login`, { body: { token: 't' } });
    expect(login.body).toMatchObject({ status: 409, code: 'ca.without-login' });
  });

  it('keeps its keys to itself: they are in no row, no line of the log and no reply', async () => {
    expect(Object.keys(secrets).length).toBeGreaterThan(4);
    await expectNowhere(api, secrets, {
      database: 'EJBCA test',
      log: 'uploaded-cas',
      replies: 'CN=Newer CA',
    });
  });
});
