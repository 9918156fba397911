import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OpensslChainVerifier } from '#certificates';
import type { ChainVerdict } from '#trust';
import { makeCa, type TestCa, type TestCertificate } from '../kit/pki.js';
import { loadableTexts, unloadableTexts } from './bundle-texts.js';
import { ChainServers, loadComplaint } from './chain-servers.js';
import { type ClientChain, questionOf } from './client-chains.js';
import { PLACES } from './client-chains.places.js';
import { PROPERTIES } from './client-chains.properties.js';
import { REVOCATION } from './client-chains.revocation.js';
import { TWINS } from './client-chains.twins.js';
import { clientOnCurve } from './odd-certificates.js';

const LOADABLE = loadableTexts('', '').map(({ name }, index) => ({ name, index }));
const UNLOADABLE = unloadableTexts('', '').map(({ name }, index) => ({ name, index }));
const CASES = [...PLACES, ...PROPERTIES, ...TWINS, ...REVOCATION];
/** No TLS signature scheme has them: such a client fails in the handshake, or shows no certificate. */
const FOREIGN_CURVES = ['secp224r1', 'secp256k1', 'brainpoolP256r1'];

const verifier = OpensslChainVerifier.local();
const chains = new Map<string, ClientChain>();
let servers: ChainServers;
let serverPair: TestCertificate;
let firstCa: TestCa;
let secondCa: TestCa;

async function textChains(): Promise<[string, ClientChain][]> {
  const client = await secondCa.issueClient({ commonName: 'of the second' });
  return loadableTexts(firstCa.certificatePem, secondCa.certificatePem).map(({ name, text }) => [
    `text: ${name}`,
    { bundlePem: text, client },
  ]);
}

async function curveChains(): Promise<[string, ClientChain][]> {
  const bundlePem = firstCa.certificatePem;
  return Promise.all(
    ['secp521r1', ...FOREIGN_CURVES].map(
      async (curve): Promise<[string, ClientChain]> => [
        `curve: ${curve}`,
        { bundlePem, client: await clientOnCurve(firstCa, curve) },
      ],
    ),
  );
}

beforeAll(async () => {
  firstCa = await makeCa({ commonName: 'first' });
  secondCa = await makeCa({ commonName: 'second' });
  serverPair = await firstCa.issueClient({ commonName: 'server', extendedKeyUsages: [] });
  const made = await Promise.all(CASES.map(async ({ name, make }) => [name, await make()] as const));
  for (const [name, chain] of [...made, ...(await textChains()), ...(await curveChains())]) {
    chains.set(name, chain);
  }
  servers = await ChainServers.open(serverPair, [...chains.values()]);
});

afterAll(() => servers?.stop());

function chainOf(name: string): ClientChain {
  const found = chains.get(name);
  if (found === undefined) throw new Error(`no chain was made for ${name}`);
  return found;
}

function prediction(chain: ClientChain): Promise<ChainVerdict> {
  return verifier.verify(questionOf(chain));
}

describe.each([
  { title: 'who holds which link', cases: PLACES },
  { title: 'dates, keys and extensions', cases: PROPERTIES },
  { title: 'CAs of one name or key', cases: TWINS },
  { title: 'revocation lists', cases: REVOCATION },
])('nginx and the verifier agree: $title', ({ cases }) => {
  test.each(cases)('$name: $verdict', async ({ name, verdict }) => {
    const chain = chainOf(name);
    expect(await servers.verdicts(chain), 'nginx').toEqual([verdict, verdict]);
    expect((await prediction(chain)).verdict, 'verifier').toBe(verdict);
  });
});

describe('nginx and the verifier agree on what a bundle text holds', () => {
  test.each(LOADABLE)('$name', async ({ name }) => {
    const chain = chainOf(`text: ${name}`);
    const { verdict } = await prediction(chain);
    expect(await servers.verdicts(chain)).toEqual([verdict, verdict]);
  });

  test.each(UNLOADABLE)('$name: it cannot be loaded', async ({ index }) => {
    const text = unloadableTexts(firstCa.certificatePem, secondCa.certificatePem)[index]?.text ?? '';
    await expectUnloadable(
      { bundlePem: text, client: serverPair },
      /SSL_CTX_load_verify_locations|SSL_load_client_CA_file/,
    );
  });

  // An empty text means that the directive is not set; a TRUSTED CERTIFICATE alone is fine in this file.
  const trustedTexts = UNLOADABLE.filter(
    ({ name }) => name !== 'empty' && name !== 'a TRUSTED CERTIFICATE alone',
  );
  test.each(trustedTexts)('$name: it cannot be loaded as ssl_trusted_certificate', async ({ index }) => {
    const text = unloadableTexts(firstCa.certificatePem, secondCa.certificatePem)[index]?.text ?? '';
    await expectUnloadable(
      { bundlePem: firstCa.certificatePem, trustedPem: text, client: serverPair },
      /SSL_CTX_load_verify_locations/,
    );
  });

  test('a CRL file without a CRL or a certificate cannot be loaded', async () => {
    const bundlePem = firstCa.certificatePem;
    const chain = { bundlePem, crlPem: 'nothing of use\n', client: serverPair };
    await expectUnloadable(chain, /X509_LOOKUP_load_file/);
  });
});

async function expectUnloadable(chain: ClientChain, complaint: RegExp): Promise<void> {
  expect(await loadComplaint(serverPair, chain)).toMatch(complaint);
  expect(await prediction(chain)).toMatchObject({
    verdict: 'refused',
    cause: expect.stringContaining('nginx cannot load'),
  });
}

describe('nginx and the verifier agree on keys', () => {
  test('a client key on secp521r1 is accepted', async () => {
    const chain = chainOf('curve: secp521r1');
    expect(await servers.verdicts(chain)).toEqual(['accepted', 'accepted']);
    expect(await prediction(chain)).toEqual({ verdict: 'accepted' });
  });

  test.each(FOREIGN_CURVES)('a client key on %s never gets in', async (curve) => {
    const chain = chainOf(`curve: ${curve}`);
    expect(await servers.answers(chain)).toEqual([
      { kind: 'no-answer', reason: 'sslv3 alert illegal parameter' },
      { kind: 'http', status: 404, tls: 'TLSv1.3' },
    ]);
    expect(await prediction(chain)).toEqual({
      verdict: 'refused',
      cause: expect.stringContaining('no client can use a key on the curve'),
      faults: [],
    });
  });
});

test('every case has a name of its own', () => {
  expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
});
