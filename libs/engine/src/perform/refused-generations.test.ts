import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { prepare } from './ca-effects.js';
import { fingerprintOf, issuer, NOW, OLD, refusalOf, type World, worldOf } from './generations.fixture.js';
import { buildGenerations } from './generations.js';
import { KeyUsageFlags, mint } from './minted-ca.fixture.js';

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

describe('F22 the PKI gives a new CA that no fleet may get', () => {
  const LEAF_USAGES = KeyUsageFlags.digitalSignature;
  const CASES: readonly [what: string, code: string, names: string, world: () => Promise<World>][] = [
    [
      'a key with a flipped bit',
      'ca.unusable-key',
      'CN=new client CA',
      async () => ({ pulled: withDamagedKey((await mint(NOW)).pem) }),
    ],
    ['an empty text', 'ca.no-certificate', 'issuer new', async () => ({ pulled: '' })],
    ['no PEM', 'ca.no-certificate', 'issuer new', async () => ({ pulled: 'permission denied' })],
    [
      'two certificates',
      'ca.no-certificate',
      'issuer new',
      async () => ({ pulled: OLD.pem + (await mint(NOW)).pem }),
    ],
    [
      'a leaf',
      'ca.not-a-ca',
      'CN=new client CA',
      async () => ({ pulled: (await mint(NOW, { ca: false })).pem }),
    ],
    [
      'an expired one',
      'ca.expired',
      'CN=new client CA',
      async () => ({ pulled: (await mint(NOW, { notAfter: NOW - 1000 })).pem }),
    ],
    [
      'one of tomorrow',
      'anchor.not-yet-valid',
      'CN=new client CA',
      async () => ({ pulled: (await mint(NOW, { notBefore: NOW + 3_600_000 })).pem }),
    ],
    ['the old one', 'ca.already-trusted', 'CN=old client CA', async () => ({ pulled: OLD.pem })],
    [
      'the old one, renewed',
      'ca.already-trusted',
      'CN=renewed',
      async () => ({ pulled: (await mint(NOW, { name: 'CN=renewed', keys: OLD.keys })).pem }),
    ],
    [
      'the name of the old one without key identifiers',
      'anchor.ambiguous-name',
      'CN=old client CA',
      async () => ({ pulled: (await mint(NOW, { name: OLD.name, keyId: false })).pem }),
    ],
    [
      'the name of the old one in capitals',
      'anchor.ambiguous-name',
      'CN=OLD CLIENT CA',
      async () => ({ pulled: (await mint(NOW, { name: 'CN=OLD CLIENT CA', keyId: false })).pem }),
    ],
    [
      'another one than it created',
      'ca.changed-by-others',
      'CN=new client CA',
      async () => ({ created: (await mint(NOW)).pem, pulled: (await mint(NOW)).pem }),
    ],
    [
      'an intermediate',
      'ca.not-self-signed',
      'CN=new client CA',
      async () => ({ pulled: (await mint(NOW, { by: OLD })).pem }),
    ],
    [
      'one that only says that it signed itself',
      'ca.not-self-signed',
      'CN=new client CA',
      async () => ({ pulled: (await mint(NOW, { by: OLD, issuerName: 'CN=new client CA' })).pem }),
    ],
    [
      'one that may sign no certificates',
      'anchor.no-key-cert-sign',
      'CN=new client CA',
      async () => ({ pulled: (await mint(NOW, { usages: LEAF_USAGES })).pem }),
    ],
    [
      'one for servers',
      'anchor.no-client-auth',
      'CN=new client CA',
      async () => ({ pulled: (await mint(NOW, { extendedUsage: SERVER_AUTH })).pem }),
    ],
  ];

  it.each(CASES)('F22 %s: %s', async (_, code, named, make) => {
    const { context, recorded } = worldOf(await make());
    const { nextStep, ...problem } = await refusalOf(buildGenerations(context));
    expect(problem.code).toBe(code);
    expect(problem.message).toContain(named);
    expect(nextStep).toMatch(/^[A-Z].*\.$/);
    expect(recorded).toHaveLength(1);
  });

  it.each([
    ['an empty text', 'ca.no-certificate', async () => ''],
    ['a leaf', 'ca.not-a-ca', async () => (await mint(NOW, { ca: false })).pem],
  ])('F22 %s: %s, as soon as it is created', async (_, code, make) => {
    const { context } = worldOf({ pulled: await make() });
    expect(await refusalOf(prepare(context))).toMatchObject({ code });
  });

  it('F22 none any more', async () => {
    const { context } = worldOf({ pulled: OLD.pem });
    context.ports.ca.survey = async () => ({ issuers: [issuer('old', OLD.pem)] }) as never;
    expect(await refusalOf(buildGenerations(context))).toMatchObject({ code: 'ca.unknown-issuer' });
  });

  it('records what it created, so that a change is seen', async () => {
    const { pem } = await mint(NOW);
    const prepared = await prepare(worldOf({ pulled: pem }).context);
    expect(prepared).toMatchObject({ issuerId: 'new', fingerprint: fingerprintOf(pem) });
  });
});

/** Still a certificate to whoever reads it, and its point is not on the curve any more. */
function withDamagedKey(pem: string): string {
  const { publicKey, raw } = new X509Certificate(pem);
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const der = Buffer.from(raw);
  const at = der.indexOf(key) + key.length - 1;
  der[at] = (der[at] ?? 0) ^ 1;
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
