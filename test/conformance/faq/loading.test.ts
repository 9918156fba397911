import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { makeCa, revocationList, type TestCa, type TestKey } from '#kit';
import { type Situation, tryEntries } from './page.js';
import { NAME, Site } from './site.js';

const ASK = 'ssl_client_certificate bundle.pem; ssl_verify_client on;';
const WELL = 'test is successful';

let site: Site;
let old: TestCa;
let fresh: TestCa;

beforeAll(async () => {
  site = await Site.open();
  old = await makeCa({ commonName: 'old' });
  fresh = await makeCa({ commonName: 'fresh' });
  await site.folder.write('good.pem', old.certificatePem);
});

afterAll(() => site.close());

async function tested(settings: string, pair?: string): Promise<string> {
  await site.write(
    settings,
    pair === undefined
      ? ''
      : `server { listen 127.0.0.1:1 ssl;
    ssl_certificate ${pair}; ssl_certificate_key ${pair}; }`,
  );
  return site.run('nginx', ['-p', site.folder.path, '-c', 'nginx.conf', '-t']);
}

const settings = (faulty: string, mended: string): Situation => ({
  ...{ said: () => tested(faulty), mended: () => tested(mended), well: WELL },
});

/** A file that is written before nginx is asked. */
const file = (name: string, ask: string, faulty: () => Promise<Text>, mended: () => Promise<Text>) => {
  const test = async (content: Text) => {
    await site.folder.write(name, content);
    return tested(ask);
  };
  return { said: async () => test(await faulty()), mended: async () => test(await mended()), well: WELL };
};
type Text = string | Uint8Array;

const both = async () => old.certificatePem + fresh.certificatePem;
/** Two files put behind each other, of which the first has no line feed at its end. */
const glued = async () => old.certificatePem.trim() + fresh.certificatePem;
const der = async () => new Uint8Array(new X509Certificate(old.certificatePem).raw);

/** The server itself shows a certificate that OpenSSL does not take today. */
const weakServer = (key: TestKey, hash: 'SHA-1' | 'SHA-256'): Situation => ({
  said: async () => {
    const ca = await makeCa({ commonName: 'rsa', key: 'RSA-2048' });
    const weak = await ca.issueClient({ commonName: NAME, key, hash, extendedKeyUsages: [] });
    await site.folder.write('weak.pem', weak.certificatePem + weak.privateKeyPem);
    return tested('', 'weak.pem');
  },
  mended: () => tested(''),
  well: WELL,
});

tryEntries('test/conformance/faq/loading.test.ts', {
  'SSL_CTX_load_verify_locations("...") failed (...No such file or directory': [
    settings('ssl_client_certificate gone.pem; ssl_verify_client on;', ASK.replace('bundle', 'good')),
  ],
  'SSL_CTX_load_verify_locations("...") failed (...no certificate or crl found': [
    file('bundle.pem', ASK, async () => '', both),
    file('bundle.pem', ASK, der, both),
  ],
  'SSL_CTX_load_verify_locations("...") failed (...bad end line': [file('bundle.pem', ASK, glued, both)],
  'X509_LOOKUP_load_file("...") failed': [
    file(
      'crl.pem',
      `ssl_client_certificate good.pem; ssl_verify_client on; ssl_crl crl.pem;`,
      async () => (await revocationList(old)).replaceAll('X509 CRL', 'CRL'),
      () => revocationList(old),
    ),
  ],
  'no ssl_client_certificate for ssl_verify_client': [
    settings('ssl_verify_client on;', ASK.replace('bundle', 'good')),
  ],
  '"ssl_verify_client" directive is not allowed here': [
    settings(
      `${ASK.replace('bundle', 'good')} location /admin { ssl_verify_client on; }`,
      `ssl_client_certificate good.pem; ssl_verify_client optional;
      location /admin { if ($ssl_client_verify != SUCCESS) { return 403; } }`,
    ),
  ],
  'SSL_CTX_use_certificate("...") failed (...ee key too small': [weakServer('RSA-1024', 'SHA-256')],
  'SSL_CTX_use_certificate("...") failed (...ca md too weak': [weakServer('RSA-2048', 'SHA-1')],
});
