import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OpensslChainVerifier } from '#certificates';
import { type ChainVerdict, type ProbeAnswer, Secret } from '#engine';
import { TlsProbe } from '#probe';
import { makeCa, type TestCa, type TestCertificate } from '../kit/pki.js';
import { loadableTexts, unloadableTexts } from './bundle-texts.js';
import type { ClientChain } from './client-chains.js';
import { PLACES } from './client-chains.places.js';
import { PROPERTIES } from './client-chains.properties.js';
import { REVOCATION } from './client-chains.revocation.js';
import { TWINS } from './client-chains.twins.js';
import { freePorts, LocalNginx, NginxFolder } from './local-nginx.js';
import { clientOnCurve } from './odd-certificates.js';

const LOADABLE = loadableTexts('', '').map(({ name }, index) => ({ name, index }));
const UNLOADABLE = unloadableTexts('', '').map(({ name }, index) => ({ name, index }));
const CASES = [...PLACES, ...PROPERTIES, ...TWINS, ...REVOCATION];
/** No TLS signature scheme has them: such a client fails in the handshake, or shows no certificate. */
const FOREIGN_CURVES = ['secp224r1', 'secp256k1', 'brainpoolP256r1'];
const PROTOCOLS = ['TLSv1.2', 'TLSv1.3'] as const;
type Verdict = 'accepted' | 'refused';

/** One client that comes to one server, over each TLS version. */
interface Meeting {
  readonly chain: ClientChain;
  readonly ports: readonly number[];
}

const verifier = new OpensslChainVerifier();
const probe = new TlsProbe({ timeoutMilliseconds: 10_000 });
let folder: NginxFolder;
let nginx: LocalNginx;
let serverPair: TestCertificate;
let firstCa: TestCa;
let secondCa: TestCa;
const meetings = new Map<string, Meeting>();

/** 496, "no certificate was shown", has an answer of its own: it would be no verdict on the chain. */
function server(
  port: number,
  protocol: string,
  id: number,
  { trustedPem, crlPem, depth }: ClientChain,
): string {
  return `server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate server.pem; ssl_certificate_key server.key;
    ssl_protocols ${protocol};
    ssl_client_certificate bundle-${id}.pem; ssl_verify_client on;
    ${trustedPem === undefined ? '' : `ssl_trusted_certificate trusted-${id}.pem;`}
    ${crlPem === undefined ? '' : `ssl_crl crl-${id}.pem;`}
    ${depth === undefined ? '' : `ssl_verify_depth ${depth};`}
    error_page 496 =404 /nothing-shown;
    location / { return 200; }
    location /nothing-shown { return 404; }
  }`;
}

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

/** Writes one server for each TLS version of each chain. */
async function arrange(chains: readonly (readonly [string, ClientChain])[]): Promise<string> {
  const free = await freePorts(chains.length * PROTOCOLS.length);
  const servers: string[] = [];
  for (const [id, [name, chain]] of chains.entries()) {
    await folder.write(`bundle-${id}.pem`, chain.bundlePem);
    if (chain.trustedPem !== undefined) await folder.write(`trusted-${id}.pem`, chain.trustedPem);
    if (chain.crlPem !== undefined) await folder.write(`crl-${id}.pem`, chain.crlPem);
    const ports = free.slice(id * PROTOCOLS.length, (id + 1) * PROTOCOLS.length);
    meetings.set(name, { chain, ports });
    servers.push(...ports.map((port, i) => server(port, PROTOCOLS[i] ?? '', id, chain)));
  }
  return servers.join('\n');
}

beforeAll(async () => {
  folder = await NginxFolder.create();
  firstCa = await makeCa({ commonName: 'first' });
  secondCa = await makeCa({ commonName: 'second' });
  serverPair = await firstCa.issueClient({ commonName: 'server', extendedKeyUsages: [] });
  await folder.write('server.pem', serverPair.certificatePem);
  await folder.write('server.key', serverPair.privateKeyPem);
  const made = await Promise.all(CASES.map(async ({ name, make }) => [name, await make()] as const));
  await folder.configure(await arrange([...made, ...(await textChains()), ...(await curveChains())]));
  nginx = await LocalNginx.start(folder, [...meetings.values()][0]?.ports[0] ?? 0);
});

afterAll(async () => {
  await nginx?.stop();
  await folder?.remove();
});

function meeting(name: string): Meeting {
  const found = meetings.get(name);
  if (found === undefined) throw new Error(`no server was made for ${name}`);
  return found;
}

async function nginxVerdicts(situation: Meeting): Promise<Verdict[]> {
  return (await answersOf(situation)).map(verdictIn);
}

async function answersOf({ chain, ports }: Meeting): Promise<ProbeAnswer[]> {
  const { certificatePem, privateKeyPem } = chain.client;
  const identity = {
    certificatePem,
    chainPem: chain.sentPem ?? '',
    privateKey: new Secret(privateKeyPem),
  };
  return Promise.all(
    ports.map((port) => probe.ask({ address: '127.0.0.1', port, serverName: null, path: '/' }, identity)),
  );
}

function verdictIn(answer: ProbeAnswer): Verdict {
  if (answer.kind === 'http' && answer.status === 200) return 'accepted';
  if (answer.kind === 'http' && answer.status === 400) return 'refused';
  throw new Error(`nginx gave no verdict on the chain: ${JSON.stringify(answer)}`);
}

async function predicted({ chain }: Meeting): Promise<Verdict> {
  return (await prediction(chain)).verdict;
}

function prediction(chain: ClientChain): Promise<ChainVerdict> {
  return verifier.verify({
    bundlePem: chain.bundlePem,
    trustedPem: chain.trustedPem ?? '',
    crlPem: chain.crlPem ?? '',
    depth: chain.depth ?? 1,
    leafPem: chain.client.certificatePem,
    sentPem: chain.sentPem ?? '',
  });
}

describe.each([
  { title: 'who holds which link', cases: PLACES },
  { title: 'dates, keys and extensions', cases: PROPERTIES },
  { title: 'CAs of one name or key', cases: TWINS },
  { title: 'revocation lists', cases: REVOCATION },
])('nginx and the verifier agree: $title', ({ cases }) => {
  test.each(cases)('$name: $verdict', async ({ name, verdict }) => {
    const situation = meeting(name);
    expect(await nginxVerdicts(situation), 'nginx').toEqual([verdict, verdict]);
    expect(await predicted(situation), 'verifier').toBe(verdict);
  });
});

describe('nginx and the verifier agree on what a bundle text holds', () => {
  test.each(LOADABLE)('$name', async ({ name }) => {
    const situation = meeting(`text: ${name}`);
    const verdict = await predicted(situation);
    expect(await nginxVerdicts(situation)).toEqual([verdict, verdict]);
  });

  test.each(UNLOADABLE)('$name: it cannot be loaded', async ({ index }) => {
    const text = unloadableTexts(firstCa.certificatePem, secondCa.certificatePem)[index]?.text ?? '';
    const chain = { bundlePem: text, client: serverPair };
    expect(await nginxTest(chain)).toMatch(/SSL_CTX_load_verify_locations|SSL_load_client_CA_file/);
    expect(await prediction(chain)).toMatchObject({
      verdict: 'refused',
      cause: expect.stringContaining('nginx cannot load'),
    });
  });

  // An empty text means that the directive is not set; a TRUSTED CERTIFICATE alone is fine in this file.
  const trustedTexts = UNLOADABLE.filter(
    ({ name }) => name !== 'empty' && name !== 'a TRUSTED CERTIFICATE alone',
  );
  test.each(trustedTexts)('$name: it cannot be loaded as ssl_trusted_certificate', async ({ index }) => {
    const text = unloadableTexts(firstCa.certificatePem, secondCa.certificatePem)[index]?.text ?? '';
    const chain = { bundlePem: firstCa.certificatePem, trustedPem: text, client: serverPair };
    expect(await nginxTest(chain)).toMatch(/SSL_CTX_load_verify_locations/);
    expect(await prediction(chain)).toMatchObject({
      verdict: 'refused',
      cause: expect.stringContaining('nginx cannot load'),
    });
  });
});

describe('nginx and the verifier agree on keys', () => {
  test('a client key on secp521r1 is accepted', async () => {
    const situation = meeting('curve: secp521r1');
    expect(await nginxVerdicts(situation)).toEqual(['accepted', 'accepted']);
    expect(await predicted(situation)).toBe('accepted');
  });

  test.each(FOREIGN_CURVES)('a client key on %s never gets in', async (curve) => {
    const situation = meeting(`curve: ${curve}`);
    expect(await answersOf(situation)).toEqual([
      { kind: 'no-answer', reason: 'sslv3 alert illegal parameter' },
      { kind: 'http', status: 404, tls: 'TLSv1.3' },
    ]);
    expect(await prediction(situation.chain)).toEqual({
      verdict: 'refused',
      cause: expect.stringContaining('no client can use a key on the curve'),
    });
  });
});

/** What `nginx -t` says against a server with these files, null when nothing. */
async function nginxTest(chain: ClientChain): Promise<string | null> {
  const own = await NginxFolder.create();
  try {
    await own.write('server.pem', serverPair.certificatePem);
    await own.write('server.key', serverPair.privateKeyPem);
    await own.write('bundle-0.pem', chain.bundlePem);
    if (chain.trustedPem !== undefined) await own.write('trusted-0.pem', chain.trustedPem);
    if (chain.crlPem !== undefined) await own.write('crl-0.pem', chain.crlPem);
    await own.configure(server(1, 'TLSv1.2', 0, chain));
    return await own.test();
  } finally {
    await own.remove();
  }
}

test('every case has a name of its own', () => {
  expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
});
