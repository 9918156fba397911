import { afterAll, beforeAll } from 'vitest';
import { makeCa, revocationList, type TestCa, type TestCertificate } from '#kit';
import { ask } from '../audit-client.js';
import { type Situation, tryEntries } from './page.js';
import { NAME, type Shown, Site } from './site.js';

const DAY = 86_400_000;
const WELL = 'SUCCESS';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ASK = 'ssl_client_certificate bundle.pem; ssl_verify_client on;';
const ASK_WITH_CRL = `${ASK} ssl_crl crl.pem;`;
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const SELF_SIGNED_CLIENT = {
  ...{ commonName: 'pos', basicConstraints: { ca: false }, keyUsage: null },
  extendedKeyUsages: [CLIENT_AUTH],
};
/** The client itself must not mind its weak certificate, as curl does. */
const ANY_STRENGTH = { ciphers: 'DEFAULT@SECLEVEL=0' };

let site: Site;
let root: TestCa;
let middle: TestCa;
let issuing: TestCa;
let other: TestCa;
let rsa: TestCa;
let gone: TestCa;

beforeAll(async () => {
  site = await Site.open();
  root = await makeCa({ commonName: 'root' });
  middle = await root.issueIntermediate({ commonName: 'middle' });
  issuing = await middle.issueIntermediate({ commonName: 'issuing' });
  other = await makeCa({ commonName: 'other' });
  rsa = await makeCa({ commonName: 'rsa', key: 'RSA-2048' });
  gone = await makeCa({ commonName: 'gone', notAfter: Date.now() - DAY / 2 });
});

afterAll(() => site.close());

const pem = (...parts: readonly (TestCertificate | string)[]) =>
  parts.map((part) => (typeof part === 'string' ? part : part.certificatePem)).join('');

/** Serves `bundle`, and asks as `shown`. */
async function answer(bundle: string, shown: Shown, settings = ASK): Promise<string> {
  await site.folder.replace('bundle.pem', bundle);
  await site.serve(settings);
  return site.curl(shown);
}

async function answerToWeak(bundle: string, certificate: TestCertificate): Promise<string> {
  await site.folder.replace('bundle.pem', bundle);
  await site.serve(ASK);
  const { body } = await ask({ port: site.port, host: NAME, certificate, options: ANY_STRENGTH });
  return body + site.newLog();
}

const client = (ca: TestCa, options: object = {}) => ca.issueClient({ commonName: 'pos', ...options });
const alone = async (ca: TestCa, options: object = {}): Promise<Shown> => ({
  certificate: await client(ca, options),
});
const withChain = async (...sent: readonly TestCa[]): Promise<Shown> => ({
  certificate: await client(sent[0] ?? root),
  chainPem: pem(...sent),
});

/** A fault of the certificate alone: another one of the same CA gets in. */
function renewed(faulty: object): Situation {
  return {
    said: async () => answer(pem(root), await alone(root, faulty)),
    mended: async () => answer(pem(root), await alone(root)),
    well: WELL,
  };
}

/** A file of CRLs with which a client of `issuing` is asked, and the one that mends it. */
function withCrls(faulty: () => Promise<string>, mended: () => Promise<string>): Situation {
  const show = async (crls: string) => {
    await site.folder.replace('crl.pem', crls);
    const shown = { certificate: await client(middle), chainPem: pem(middle) };
    return answer(pem(root, middle), shown, ASK_WITH_CRL);
  };
  return { said: async () => show(await faulty()), mended: async () => show(await mended()), well: WELL };
}

const current = async () => (await revocationList(root)) + (await revocationList(middle));
const ended = async () =>
  (await revocationList(root)) + (await revocationList(middle, { nextUpdate: Date.now() - DAY / 2 }));

const revoked: Situation = {
  said: async () => {
    const taken = await client(root);
    await site.folder.replace('crl.pem', await revocationList(root, { revoked: [taken] }));
    return answer(pem(root), { certificate: taken }, ASK_WITH_CRL);
  },
  mended: async () => answer(pem(root), await alone(root), ASK_WITH_CRL),
  well: WELL,
};

const tooDeep = (bundle: () => string): Situation => ({
  said: async () => answer(bundle(), await withChain(issuing, middle)),
  mended: async () => answer(bundle(), await withChain(issuing, middle), `${ASK} ssl_verify_depth 2;`),
  well: WELL,
});

/** What `openssl verify` says of a client three CAs below its root. */
async function verifiedAtDepth(depth: number): Promise<string> {
  const shown = await withChain(issuing, middle);
  await site.folder.write('bundle.pem', pem(root));
  await site.folder.write('chain.pem', shown.chainPem ?? '');
  await site.folder.write('client.pem', pem(shown.certificate));
  const trust = ['-CAfile', 'bundle.pem', '-untrusted', 'chain.pem', '-verify_depth', `${depth}`];
  return site.run('openssl', ['verify', '-purpose', 'sslclient', ...trust, 'client.pem']);
}

const pair = (said: () => Promise<string>, mended: () => Promise<string>): Situation => ({
  ...{ said, mended, well: WELL },
});

tryEntries('test/conformance/faq/verdicts.test.ts', {
  '(20:unable to get local issuer certificate)': [
    pair(
      async () => answer(pem(other), await withChain(middle)),
      async () => answer(pem(other, root), await withChain(middle)),
    ),
    tooDeep(() => pem(root)),
  ],
  '(21:unable to verify the first certificate)': [
    pair(
      async () => answer(pem(other), await alone(root)),
      async () => answer(pem(other, root), await alone(root)),
    ),
    pair(
      async () => answer(pem(root), await alone(middle)),
      async () => answer(pem(root), await withChain(middle)),
    ),
  ],
  '(2:unable to get issuer certificate)': [tooDeep(() => pem(root, middle, issuing))],
  'certificate chain too long': [
    { said: () => verifiedAtDepth(1), mended: () => verifiedAtDepth(2), well: 'client.pem: OK' },
  ],
  '(26:unsuitable certificate purpose)': [renewed({ extendedKeyUsages: [SERVER_AUTH] })],
  '(10:certificate has expired)': [
    renewed({ notAfter: Date.now() - DAY / 2 }),
    pair(
      async () => answer(pem(gone), await alone(gone)),
      async () => answer(pem(gone, root), await alone(root)),
    ),
  ],
  '(9:certificate is not yet valid)': [renewed({ notBefore: Date.now() + DAY })],
  '(12:CRL has expired)': [withCrls(ended, current)],
  '(3:unable to get certificate CRL)': [withCrls(() => revocationList(middle), current)],
  '(23:certificate revoked)': [revoked],
  '(18:self-signed certificate)': [
    pair(
      async () => answer(pem(root), { certificate: await makeCa(SELF_SIGNED_CLIENT) }),
      async () => answer(pem(root), await alone(root)),
    ),
  ],
  '(19:self-signed certificate in certificate chain)': [
    pair(
      async () => answer(pem(other), await withChain(root)),
      async () => answer(pem(other, root), await withChain(root)),
    ),
  ],
  '(66:EE certificate key too weak)': [
    pair(
      async () => answerToWeak(pem(root), await client(root, { key: 'RSA-1024' })),
      async () => answerToWeak(pem(root), await client(root, { key: 'RSA-2048' })),
    ),
  ],
  '(68:CA signature digest algorithm too weak)': [
    pair(
      async () => answerToWeak(pem(rsa), await client(rsa, { hash: 'SHA-1' })),
      async () => answerToWeak(pem(rsa), await client(rsa)),
    ),
  ],
});
