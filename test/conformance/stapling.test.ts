import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePorts, LocalNginx, NginxFolder } from './local-nginx.js';

const NEWER = execFileSync('node', ['tools/nginx/build.mjs'], { encoding: 'utf8' }).trim().split('\n');

let folder: NginxFolder;
let responder: ChildProcess;

const openssl = (...args: readonly string[]) =>
  execFileSync('openssl', args, { cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] });

function certificate(name: string, issuer: string | null, extensions: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
  openssl('req', '-new', ...key, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
  execFileSync('sh', ['-c', `printf '%b' "$1" > ${name}.ext`, 'sh', extensions], { cwd: folder.path });
  const signer =
    issuer === null
      ? ['-signkey', `${name}.key`]
      : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial'];
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-days',
    '9',
    ...signer,
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}.pem`,
  );
}

async function startResponder(port: number): Promise<void> {
  await folder.write('index.txt', '');
  const serial = String(openssl('x509', '-in', 'server.pem', '-noout', '-serial'))
    .trim()
    .split('=')[1];
  await folder.write('index.txt', `V\t300101000000Z\t\t${serial}\tunknown\t/CN=server\n`);
  const files = [
    '-index',
    'index.txt',
    '-CA',
    'issuing.pem',
    '-rsigner',
    'issuing.pem',
    '-rkey',
    'issuing.key',
  ];
  responder = spawn('openssl', ['ocsp', '-port', String(port), '-ndays', '1', ...files], {
    ...{ cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  // It says so on one of the two; a connection that asks nothing would be waited for.
  await Promise.race([responder.stdout, responder.stderr].map((stream) => stream && once(stream, 'data')));
}

/** The first handshake only makes nginx fetch the answer of the responder. */
async function isStapled(port: number): Promise<boolean> {
  for (let tries = 0; tries < 30; tries += 1) {
    const { stdout } = spawnSync('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-status'], {
      input: '',
      encoding: 'utf8',
    });
    if (stdout.includes('OCSP Response Status: successful')) return true;
    await sleep(100);
  }
  return false;
}

beforeAll(async () => {
  folder = await NginxFolder.create();
  const [port = 0] = await freePorts(1);
  const ca = 'basicConstraints=critical,CA:true\\nkeyUsage=keyCertSign,cRLSign,digitalSignature\\n';
  certificate('root', null, ca);
  certificate('issuing', 'root', ca);
  certificate('server', 'issuing', `authorityInfoAccess=OCSP;URI:http://127.0.0.1:${port}/\\n`);
  execFileSync('sh', ['-c', 'cat server.pem issuing.pem > fullchain.pem'], { cwd: folder.path });
  await startResponder(port);
});

afterAll(async () => {
  const gone = once(responder, 'exit');
  responder.kill('SIGKILL');
  await gone;
  await folder.remove();
});

async function staples(binary: string, chain: string): Promise<boolean> {
  const [port = 0] = await freePorts(1);
  await folder.configure(`server {
    listen 127.0.0.1:${port} ssl; ssl_certificate ${chain}; ssl_certificate_key server.key;
    ssl_client_certificate root.pem; ssl_verify_client on;
    ssl_stapling on; ssl_stapling_verify on; resolver 127.0.0.1;
  }`);
  const nginx = await LocalNginx.start(folder, port, binary);
  try {
    return await isStapled(port);
  } finally {
    await nginx.stop();
  }
}

/** What docs/hardened-server.md relies on: stapling is verified without any ssl_trusted_certificate. */
describe.each(['nginx', ...NEWER])('stapling without ssl_trusted_certificate, on %s', (binary) => {
  test('is verified by the issuer in the full chain', async () => {
    expect(await staples(binary, 'fullchain.pem')).toBe(true);
  });

  test('does not come about with the leaf alone', async () => {
    expect(await staples(binary, 'server.pem')).toBe(false);
  });
});
