import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCa, type TestCertificate } from '../kit/pki.js';
import { ask, type Question } from './audit-client.js';
import { freePorts, LocalNginx, NginxFolder } from './local-nginx.js';

const NEWER = execFileSync('node', ['tools/nginx/build.mjs'], { encoding: 'utf8' }).trim().split('\n');

let folder: NginxFolder;
let good: TestCertificate;

beforeAll(async () => {
  folder = await NginxFolder.create();
  const ca = await makeCa({ commonName: 'ca' });
  good = await ca.issueClient({ commonName: 'good' });
  const pair = await (await makeCa({ commonName: 'servers' })).issueClient({
    commonName: 'a.test',
    extendedKeyUsages: [],
  });
  await folder.write('server.pem', pair.certificatePem);
  await folder.write('server.key', pair.privateKeyPem);
  await folder.write('ca.pem', ca.certificatePem);
});

afterAll(() => folder.remove());

const PAIR = 'ssl_certificate server.pem; ssl_certificate_key server.key;';
const ASKS = 'ssl_client_certificate ca.pem; ssl_verify_client on;';

async function statuses(
  binary: string,
  http: string,
  questions: readonly Omit<Question, 'port'>[],
): Promise<number[]> {
  const [port = 0] = await freePorts(1);
  await folder.configure(http.replaceAll('PORT', String(port)));
  const nginx = await LocalNginx.start(folder, port, binary);
  try {
    const answers = await Promise.all(questions.map((question) => ask({ port, ...question })));
    return answers.map(({ status }) => status);
  } finally {
    await nginx.stop();
  }
}

/** What rules of the audit take for granted, and no fix shows. */
describe.each(['nginx', ...NEWER])('on %s', (binary) => {
  test('an error page of a location is never looked at when a certificate is refused', async () => {
    const http = `server { listen 127.0.0.1:PORT ssl; ${PAIR} ${ASKS} location / { error_page 495 496 =204 /x; return 200; } }`;
    expect(await statuses(binary, http, [{ certificate: null }, { certificate: good }])).toEqual([400, 200]);
  });

  test('a listen without ssl speaks TLS where a neighbour on the same address does', async () => {
    const http = `server { listen 127.0.0.1:PORT ssl; server_name b.test; ${PAIR} return 200; }
    server { listen 127.0.0.1:PORT; server_name a.test; ${PAIR} ${ASKS} location / { return 200; } }`;
    const named = { serverName: 'a.test', host: 'a.test' };
    expect(
      await statuses(binary, http, [
        { certificate: null, ...named },
        { certificate: good, ...named },
      ]),
    ).toEqual([400, 200]);
  });

  test('a trusted file alone is enough for newer versions only', async () => {
    await folder.configure(
      `server { listen 127.0.0.1:1 ssl; ${PAIR} ssl_trusted_certificate ca.pem; ssl_verify_client on; }`,
    );
    const complaint = await folder.test(binary);
    expect(complaint === null).toBe(binary.includes('1.28'));
  });
});
