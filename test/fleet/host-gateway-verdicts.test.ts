import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpensslChainVerifier } from '#certificates';
import type { ChainVerifier } from '#engine';
import { type ChainCase, questionOf } from '../conformance/client-chains.js';
import { PLACES } from '../conformance/client-chains.places.js';
import { PROPERTIES } from '../conformance/client-chains.properties.js';
import { REVOCATION } from '../conformance/client-chains.revocation.js';
import { TWINS } from '../conformance/client-chains.twins.js';
import { codeOf, OneHost } from './one-host.js';

const CASES: readonly ChainCase[] = [...PLACES, ...PROPERTIES, ...TWINS, ...REVOCATION];

let one: OneHost;
let byHost: ChainVerifier;

beforeAll(async () => {
  one = await OneHost.boot();
  byHost = OpensslChainVerifier.local().by((question) => one.gateway.verify(one.target(), question));
});

afterAll(() => one?.stop());

function leftBehind(): string {
  return one.host.exec('ls -d /run/tmp/* 2>/dev/null || true');
}

describe("verdicts by a host's own OpenSSL", () => {
  // Each of them was asked of real nginx by test/conformance/chain-verifier.test.ts.
  it.each(CASES)('$name: $verdict', async ({ make, verdict }) => {
    const said = await byHost.verify(questionOf(await make()));
    expect(said.verdict).toBe(verdict);
    if (said.verdict === 'refused') expect(said.cause).not.toBe('');
  });

  it('gets a bundle of odd bytes as it is', async () => {
    const client = await one.oldCa.issueClient({ commonName: 'odd' });
    const bundlePem = `\uFEFFjunk \u0001\u00e9 $(touch /run/tmp/pwned) \`id\`\r\n${one.from.content}`;
    const question = { bundlePem, trustedPem: '', depth: 1, leafPem: client.certificatePem, sentPem: '' };
    expect(await byHost.verify(question)).toEqual({ verdict: 'accepted' });
    expect(await byHost.verify({ ...question, bundlePem: `\0${bundlePem}\0` })).toEqual(
      await OpensslChainVerifier.local().verify({ ...question, bundlePem: `\0${bundlePem}\0` }),
    );
  });

  it('leaves nothing behind', () => {
    expect(leftBehind()).toBe('');
  });
});

describe('what a host says of its OpenSSL', () => {
  const configure = (level: number) => {
    one.host.writeFile(
      'run/openssl.cnf',
      `openssl_conf = init\n[init]\nssl_conf = ssl\n[ssl]\nsystem_default = tls\n[tls]\nCipherString = DEFAULT:@SECLEVEL=${level}\n[req]\ndistinguished_name = dn\n[dn]\n`,
    );
    one.host.exec('mount --bind /run/openssl.cnf /etc/ssl/openssl.cnf');
  };

  it('names its version and its security level', async () => {
    const version = one.host.exec('openssl version').split(' (')[0]?.trim();
    expect(await one.gateway.openssl(one.target())).toEqual({ version, securityLevel: 2 });
  });

  it.each([0, 1, 2, 3, 4, 5])('finds level %i in the configuration of the machine', async (level) => {
    configure(level);
    try {
      expect(await one.gateway.openssl(one.target())).toMatchObject({ securityLevel: level });
    } finally {
      await one.unmount('/etc/ssl/openssl.cnf');
    }
    expect(leftBehind()).toBe('');
  });

  it('says that it has none', async () => {
    one.host.exec('touch /run/nothing && mount --bind /run/nothing "$(command -v openssl)"');
    try {
      expect(await one.gateway.openssl(one.target())).toBeNull();
      const question = {
        ...{ store: 's', sent: '', leaf: 'l', depth: 1, checkCrls: false, securityLevel: 2 },
      };
      expect(await codeOf(one.gateway.verify(one.target(), question))).toBe('host.no-openssl');
    } finally {
      await one.unmount('/usr/bin/openssl');
    }
  });
});

describe('a bundle that is tried on a host', () => {
  it('passes when its nginx would load it, and nothing has changed', async () => {
    await one.gateway.tryBundle(one.target(), one.to.content);
    await one.expectBack();
    expect(await one.transaction()).toBeNull();
    expect(leftBehind()).toBe('');
  });

  it('does not when it would not, with the words of nginx', async () => {
    await expect(one.gateway.tryBundle(one.target(), 'no certificate\n')).rejects.toMatchObject({
      problem: { code: 'host.config-test-failed', detail: expect.stringMatching(/client-ca\.pem/) },
    });
    await one.expectBack();
  });

  it('is tried in the place of every managed file', async () => {
    one.host.exec('cp /etc/nginx/trust/client-ca.pem /etc/nginx/trust/other.pem');
    const target = one.target({ managedPaths: [one.host.managedPath, '/etc/nginx/trust/other.pem'] });
    await one.gateway.tryBundle(target, one.to.content);
    const missing = one.target({ managedPaths: ['/etc/nginx/trust/none.pem'] });
    expect(await codeOf(one.gateway.tryBundle(missing, one.to.content))).toBe('host.path-missing');
    one.host.exec('rm /etc/nginx/trust/other.pem');
  });
});
