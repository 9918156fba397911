import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixConfig, parseNginxVersion, type RuleFinding } from '#nginx-audit';
import { certificateFiles } from '../../apps/cli/src/findings/certificate-files.js';
import { revocationList } from '../kit/crl.js';
import { makeCa, type TestCa, type TestCertificate } from '../kit/pki.js';
import { ask } from './audit-client.js';
import { freePorts, LocalNginx, NginxFolder } from './local-nginx.js';

const NEWER = execFileSync('node', ['tools/nginx/build.mjs'], { encoding: 'utf8' }).trim().split('\n');
const DAY = 86_400_000;

let folder: NginxFolder;
let pair: TestCertificate;
let root: TestCa;
let middle: TestCa;
let issuing: TestCa;
let other: TestCa;
const texts = new Map<string, string>();

async function write(name: string, text: string): Promise<void> {
  texts.set(`${folder.path}/${name}`, text);
  await folder.write(name, text);
}

beforeAll(async () => {
  folder = await NginxFolder.create();
  root = await makeCa({ commonName: 'Root' });
  middle = await root.issueIntermediate({ commonName: 'Middle' });
  issuing = await middle.issueIntermediate({ commonName: 'Issuing' });
  other = await makeCa({ commonName: 'Other' });
  pair = await other.issueClient({ commonName: 'a.test', extendedKeyUsages: [] });
  await folder.write('server.pem', pair.certificatePem);
  await folder.write('server.key', pair.privateKeyPem);
  await write('whole.pem', root.certificatePem + middle.certificatePem + issuing.certificatePem);
  await write('issuing.pem', issuing.certificatePem);
  await write('root.pem', root.certificatePem);
  await write('other.pem', other.certificatePem);
  await write(
    'expired.pem',
    (await makeCa({ commonName: 'Ended', notBefore: Date.now() - 3 * DAY, notAfter: Date.now() - DAY }))
      .certificatePem,
  );
  await write('leaf.pem', (await root.issueClient({ commonName: 'leaf' })).certificatePem);
  const soon = { nextUpdate: Date.now() + 10 * DAY };
  const crls = await Promise.all([root, middle, issuing].map((ca) => revocationList(ca, soon)));
  await write('crl.pem', crls.join(''));
  await write('crl-of-root.pem', crls[0] ?? '');
  await write(
    'crl-stale.pem',
    (await revocationList(root, { thisUpdate: Date.now() - 3 * DAY, nextUpdate: Date.now() - DAY })) +
      crls.slice(1).join(''),
  );
  await write('crl-with-ca.pem', crls.join('') + other.certificatePem);
});

afterAll(() => folder.remove());

interface FileCase {
  readonly rule: string;
  readonly severity: string;
  readonly settings: string;
  /** What nginx says to a client of the deepest CA before and after the fixes. */
  readonly good: readonly [before: number, after: number];
  /** To a client of a CA that is in no bundle. */
  readonly other: readonly [before: number, after: number];
  readonly version?: string;
}

const WHOLE = 'ssl_client_certificate whole.pem; ssl_verify_client on;';
const DEEP = `${WHOLE} ssl_verify_depth 2;`;

/** Rules that look into certificates, held against what nginx does with them. */
const CASES: readonly FileCase[] = [
  {
    rule: 'bundle-incomplete',
    severity: 'error',
    settings: 'ssl_client_certificate issuing.pem; ssl_verify_client on; ssl_verify_depth 3;',
    good: [400, 400],
    other: [400, 400],
  },
  {
    rule: 'bundle-leaf',
    severity: 'error',
    settings: 'ssl_client_certificate leaf.pem; ssl_verify_client on; ssl_verify_depth 3;',
    good: [400, 400],
    other: [400, 400],
  },
  {
    rule: 'bundle-unsound',
    severity: 'error',
    settings: 'ssl_client_certificate expired.pem; ssl_verify_client on; ssl_verify_depth 3;',
    good: [400, 400],
    other: [400, 400],
  },
  { rule: 'depth-too-small', severity: 'error', settings: WHOLE, good: [400, 200], other: [400, 400] },
  {
    rule: 'trusted-file-widens',
    severity: 'error',
    settings: `${DEEP} ssl_trusted_certificate other.pem;`,
    good: [200, 200],
    other: [200, 400],
  },
  {
    rule: 'crl-coverage',
    severity: 'error',
    settings: `${DEEP} ssl_crl crl-of-root.pem; ssl_session_tickets off;`,
    good: [400, 400],
    other: [400, 400],
  },
  {
    rule: 'crl-unsound',
    severity: 'error',
    settings: `${DEEP} ssl_crl crl-stale.pem; ssl_session_tickets off;`,
    good: [400, 400],
    other: [400, 400],
  },
];

const SOUND: readonly string[] = [
  DEEP,
  `${DEEP} ssl_crl crl.pem; ssl_session_tickets off;`,
  // The root stands in the other file: taking it out would refuse everybody.
  'ssl_client_certificate whole.pem; ssl_trusted_certificate root.pem; ssl_verify_client on; ssl_verify_depth 2;',
];
const ABOUT_FILES = /^(bundle|crl|depth|trusted)-/;

function http(port: number, settings: string): string {
  return `server_tokens off;
  server {
    listen 127.0.0.1:${port} ssl; ssl_certificate server.pem; ssl_certificate_key server.key;
    ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM;
    ${settings}
    location / { return 200; }
  }`;
}

function mended(
  content: string,
  version: string | undefined,
): { text: string; found: readonly RuleFinding[] } {
  const main = `${folder.path}/nginx.conf`;
  const trustFiles = certificateFiles((file) => texts.get(file) ?? null, Date.now());
  const options = { trustFiles, version: version === undefined ? null : parseNginxVersion(version) };
  const { files, fixed, left } = fixConfig(main, [{ path: main, content }], options);
  return { text: files[0]?.content ?? '', found: [...fixed, ...left] };
}

async function statuses(port: number, binary: string): Promise<{ good: number; other: number }> {
  const nginx = await LocalNginx.start(folder, port, binary);
  try {
    const chainPem = issuing.certificatePem + middle.certificatePem;
    const good = await ask({
      port,
      certificate: await issuing.issueClient({ commonName: 'good' }),
      chainPem,
    });
    const stranger = await ask({ port, certificate: await other.issueClient({ commonName: 'good' }) });
    return { good: good.status, other: stranger.status };
  } finally {
    await nginx.stop();
  }
}

async function both(settings: string, binary: string, version?: string) {
  const [port = 0] = await freePorts(1);
  await folder.configure(http(port, settings));
  const content = folder.frame(http(port, settings));
  const before = await statuses(port, binary);
  const { text, found } = mended(content, version);
  await folder.write('nginx.conf', text);
  expect(await folder.test(binary)).toBeNull();
  const after = await statuses(port, binary);
  return { found, good: [before.good, after.good], other: [before.other, after.other] };
}

describe.each(['nginx', ...NEWER])('what the audit says of certificates, on %s', (binary) => {
  test.each(CASES)('$rule', async ({ rule, severity, settings, good, other: stranger }) => {
    const seen = await both(settings, binary);
    expect(seen.found.filter((one) => one.rule === rule).map((one) => one.severity)).toContain(severity);
    expect({ good: seen.good, other: seen.other }).toEqual({ good, other: stranger });
  });

  test.each(SOUND)('nothing of %s', async (settings) => {
    const seen = await both(settings, binary);
    expect(seen.found.filter(({ rule }) => ABOUT_FILES.test(rule))).toEqual([]);
    expect({ good: seen.good, other: seen.other }).toEqual({ good: [200, 200], other: [400, 400] });
  });

  test('a CA in the CRL file, by what this version does with it', async () => {
    const version = spawnSync(binary, ['-v'], { encoding: 'utf8' }).stderr;
    // Its own CRL must be there too before the older ones take its clients.
    await write(
      'crl-with-ca.pem',
      (texts.get(`${folder.path}/crl.pem`) ?? '') + (await revocationList(other)) + other.certificatePem,
    );
    const seen = await both(`${DEEP} ssl_crl crl-with-ca.pem; ssl_session_tickets off;`, binary, version);
    const finding = seen.found.find(({ rule }) => rule === 'crl-certificate');
    expect(finding?.severity).toBe(seen.other[0] === 200 ? 'error' : 'warning');
  });
});
