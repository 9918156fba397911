import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa, type TestCa, type TestCertificate } from '#kit';
import { planted } from './bodies.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;
let old: TestCa;
let fresh: TestCa;
let issuing: TestCa;
let pos: TestCertificate;
let app: TestCertificate;

beforeAll(async () => {
  api = await runApi();
  old = await makeCa({ commonName: 'Old' });
  fresh = await makeCa({ commonName: 'New' });
  issuing = await fresh.issueIntermediate({ commonName: 'Issuing' });
  pos = await old.issueClient({ commonName: 'pos' });
  app = await issuing.issueClient({ commonName: 'app' });
});

afterAll(() => api?.stop());

function body(over: Record<string, unknown> = {}) {
  return {
    bundlePem: old.certificatePem + fresh.certificatePem,
    clients: [
      { name: 'pos', certificatePem: pos.certificatePem },
      { name: 'app', certificatePem: app.certificatePem + issuing.certificatePem },
    ],
    ...over,
  };
}

const ask = (sent: unknown) => api.call('POST', '/v1/preflight', { body: sent });

describe('POST /v1/preflight', () => {
  it('says that all get in, with the defaults of nginx', async () => {
    const { status, body: said } = await ask(body());
    expect(status).toBe(200);
    expect(said).toMatchObject({ passed: true, findings: [], change: null });
    expect(said.items.map(({ client, verdict }: Record<string, string>) => [client, verdict])).toEqual([
      ['pos', 'accepted'],
      ['app', 'accepted'],
    ]);
  });

  it('says who does not, why, and what would let them in', async () => {
    const { status, body: said } = await ask(
      body({
        ...{ bundlePem: fresh.certificatePem, beforePem: old.certificatePem },
        ...{ depth: 0, knownPem: old.certificatePem },
      }),
    );
    expect(status).toBe(200);
    expect(said).toMatchObject({
      passed: false,
      change: { anchors: expect.stringContaining('+1 -1 anchors'), lost: ['pos'], gained: [] },
      items: [
        { client: 'pos', verdict: 'refused', advice: ['add CN=Old to the bundle'] },
        { client: 'app', verdict: 'refused', advice: ['set ssl_verify_depth to 1'] },
      ],
    });
    expect(said.items[0].reasons[0].what).toContain('the client certificate CN=pos');
  });

  it('finds what is wrong with the bundle, and quotes no key', async () => {
    const key = planted('key');
    const pem = `-----BEGIN PRIVATE KEY-----\n${Buffer.from(key).toString('base64')}\n-----END PRIVATE KEY-----\n`;
    const reply = await ask(body({ bundlePem: `${old.certificatePem}${fresh.certificatePem}${pem}` }));
    expect(reply.body).toMatchObject({ passed: false, findings: [{ code: 'block.private-key' }] });
    expect(reply.text + api.logLines.join('')).not.toContain(key);
  });

  it('knows what a CRL file without the CRL of a CA does', async () => {
    const { body: said } = await ask(body({ crlPem: old.certificatePem, nginxVersion: '1.28.3' }));
    expect(said.passed).toBe(false);
    expect(said.findings.map(({ code }: { code: string }) => code)).toContain('crl.none');
    expect(said.items[0].cause).toBe('nginx cannot load the CRL file: no CRL found');
  });

  it.each<[string, unknown, string]>([
    ['bundlePem', undefined, '#/bundlePem'],
    ['clients', [], '#/clients'],
    ['clients', [{ name: 'x' }], '#/clients/0/certificatePem'],
    ['clients', [{ name: 'x', certificatePem: 'x', expect: 'maybe' }], '#/clients/0/expect'],
    ['depth', -1, '#/depth'],
    ['securityLevel', 6, '#/securityLevel'],
    ['nginxVersion', 'new', '#/nginxVersion'],
    ['knownPem', 7, '#/knownPem'],
    ['trustedPem', '\0', '#/trustedPem'],
    ['crlPem', null, '#/crlPem'],
  ])('refuses %s %j', async (field, value, pointer) => {
    const { status, body: said } = await ask(body({ [field]: value }));
    expect(status).toBe(400);
    expect(said.errors).toMatchObject([{ pointer }]);
  });
});
