import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { auditConfig, fixConfig, parseNginxDump, parseNginxVersion } from '#nginx-audit';
import { makeCa, type TestCertificate } from '../kit/pki.js';
import { type Answer, ask, type Question } from './audit-client.js';
import { freePorts, LocalNginx, NginxFolder } from './local-nginx.js';

const BLOCK = /```nginx\n([\s\S]*?)```/.exec(readFileSync('docs/hardened-server.md', 'utf8'))?.[1] ?? '';
const NEWER = execFileSync('node', ['tools/nginx/build.mjs'], { encoding: 'utf8' }).trim().split('\n');

let folder: NginxFolder;
let upstream: Server;
let good: { certificate: TestCertificate; chainPem: string };
let stranger: TestCertificate;

beforeAll(async () => {
  folder = await NginxFolder.create();
  const root = await makeCa({ commonName: 'root' });
  const middle = await root.issueIntermediate({ commonName: 'middle' });
  const issuing = await middle.issueIntermediate({ commonName: 'issuing' });
  const pair = await (await makeCa({ commonName: 'servers' })).issueClient({
    commonName: 'api.example.com',
    extendedKeyUsages: [],
  });
  good = {
    certificate: await issuing.issueClient({ commonName: 'good' }),
    chainPem: issuing.certificatePem + middle.certificatePem,
  };
  stranger = await (await makeCa({ commonName: 'root' })).issueClient({ commonName: 'good' });
  await folder.write('fullchain.pem', pair.certificatePem);
  await folder.write('server.key', pair.privateKeyPem);
  await folder.write('clients.pem', root.certificatePem);
  upstream = createServer((incoming, response) =>
    response.end(String(incoming.headers['x-ssl-client-s-dn'])),
  ).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
});

afterAll(async () => {
  upstream.close();
  await folder.remove();
});

/** The block of the page with the paths and ports of a test. */
function here(text: string, port: number): string {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (one) => `${one}_temp_path temp/${one};`,
  );
  return text
    .replace('user www-data;', 'daemon off; error_log error.log;')
    .replace('/run/nginx.pid', 'nginx.pid')
    .replace('http {', `http { access_log off; ${temp.join(' ')}`)
    .replaceAll('listen 443', `listen 127.0.0.1:${port}`)
    .replace('http://127.0.0.1:8080', `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`)
    .replaceAll('/etc/nginx/tls/', '')
    .replace('/etc/windlass/', '');
}

/** Asks one server that runs `text` for as long as it takes. */
async function answers(
  binary: string,
  text: string,
  questions: readonly Partial<Question>[],
): Promise<Answer[]> {
  const [port = 0] = await freePorts(1);
  await folder.write('nginx.conf', here(text, port));
  expect(await folder.test(binary)).toBeNull();
  const nginx = await LocalNginx.start(folder, port, binary);
  const named = { port, certificate: null, serverName: 'api.example.com', host: 'api.example.com' };
  try {
    return await Promise.all(questions.map((question) => ask({ ...named, ...question })));
  } finally {
    await nginx.stop();
  }
}

describe('the hardened server of the documentation', () => {
  it.each([null, '1.22.1', '1.26.3', '1.28.3', '1.31.3'])('is clean for nginx %s', (version) => {
    const findings = auditConfig(parseNginxDump(BLOCK), {
      version: version === null ? null : parseNginxVersion(version),
    });
    // No configuration mends a flaw of nginx itself.
    expect(findings.filter(({ rule }) => rule !== 'vulnerable-version')).toEqual([]);
  });

  it('is what fixing leaves alone', () => {
    const file = { path: '/etc/nginx/nginx.conf', content: BLOCK };
    expect(fixConfig(file.path, [file]).files).toEqual([file]);
  });

  it.each([
    ['ssl_verify_client on;', 'ssl_verify_client off;', 'verify-off'],
    ['ssl_verify_depth 3;', '', 'depth-default'],
    ['ssl_reject_handshake on;', 'ssl_certificate a; ssl_certificate_key a;', 'no-sni-other-trust'],
    ['server_tokens off;', '', 'server-tokens'],
    ['@refused;', '=200 @refused;', 'error-page-masks-refusal'],
    ['resolver 127.0.0.53 valid=300s;', '', 'stapling-without-resolver'],
    [
      'ssl_stapling_verify on;',
      'ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;',
      'trusted-file-widens',
    ],
  ])('is no longer clean with %s turned into %s', (from, to, rule) => {
    expect(BLOCK).toContain(from);
    expect(auditConfig(parseNginxDump(BLOCK.replace(from, to))).map((one) => one.rule)).toContain(rule);
  });
});

describe.each(['nginx', ...NEWER])('on %s', (binary) => {
  test('it gives each client its verdict', async () => {
    const [nobody, unknown, known, nameless] = await answers(binary, BLOCK, [
      {},
      { certificate: stranger },
      { ...good, headers: ['X-SSL-Client-S-DN: CN=forged'] },
      { ...good, serverName: null },
    ]);
    expect(nobody).toMatchObject({
      status: 400,
      body: expect.stringContaining('"error":"the client certificate was refused'),
    });
    expect(unknown).toMatchObject({ status: 400 });
    expect(known).toMatchObject({ status: 200, body: expect.stringContaining('CN=good') });
    expect(known?.head).not.toMatch(/nginx\/\d/);
    expect(nameless).toMatchObject({ status: 0 });
  });

  test('its guard closes it when somebody loosens the verification', async () => {
    const loose = BLOCK.replace('ssl_verify_client on;', 'ssl_verify_client optional_no_ca;');
    const [nobody, unknown, known] = await answers(binary, loose, [{}, { certificate: stranger }, good]);
    expect(nobody).toMatchObject({
      status: 403,
      body: expect.stringContaining('a client certificate is required'),
    });
    expect(unknown?.status).toBe(403);
    expect(known?.status).toBe(200);
  });
});
