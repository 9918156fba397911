import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeCa, revocationList, type TestCa, type TestCertificate } from '#kit';
import { preflightCommand } from '../../apps/cli/src/preflight/preflight-command.js';

const WEEK = 7 * 86_400_000;
let folder: string;
const at = (name: string) => path.join(folder, name);

async function write(name: string, ...parts: readonly (TestCertificate | string)[]): Promise<void> {
  const text = parts.map((part) => (typeof part === 'string' ? part : part.certificatePem)).join('');
  await writeFile(at(name), text);
}

function nginxConf(more: string): string {
  return `events {} pid ${at('pid')}; error_log stderr;
http {
  access_log off;
  server {
    listen 127.0.0.1:1 ssl; ssl_certificate ${at('server.pem')}; ssl_certificate_key ${at('server.key')};
    ssl_client_certificate ${at('live.pem')}; ${more}
  }
}
`;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'windlass-preflight-'));
  const old = await makeCa({ commonName: 'Old' });
  const fresh = await makeCa({ commonName: 'New' });
  const issuing = await fresh.issueIntermediate({ commonName: 'Issuing' });
  const client = (ca: TestCa) => ca.issueClient({ commonName: 'pos' });
  const [pos, app] = [await client(old), await client(issuing)];
  const server = await old.issueClient({ commonName: 'server', extendedKeyUsages: [] });
  await write('live.pem', old);
  await write('both.pem', old, fresh);
  await write('new.pem', fresh);
  await write('issuing.pem', issuing);
  await write(
    'revoking.pem',
    old,
    await revocationList(old, { revoked: [pos], nextUpdate: Date.now() + WEEK }),
  );
  await write('crl.conf', nginxConf(`ssl_verify_client on; ssl_crl ${at('live.pem')};`));
  await write('junk.pem', 'junk\n');
  await write('pos.pem', pos, pos.privateKeyPem);
  await write('app.pem', app, issuing);
  await write('app-alone.pem', app);
  await write('server.pem', server);
  await write('server.key', server.privateKeyPem);
  await write('nginx.conf', nginxConf('ssl_verify_client on; ssl_verify_depth 0;'));
  await write('loose.conf', nginxConf('ssl_verify_client optional; ssl_verify_depth 2;'));
  await write('off.conf', nginxConf(''));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Names of files stand for the files. */
async function preflight(words: string): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const args = words.split(' ').map((word) => (/\.(pem|conf)$/.test(word) ? at(word) : word));
  const code = await preflightCommand(args, say, say);
  const said = lines.join('\n');
  expect(said).not.toContain('PRIVATE KEY');
  return { code, said: said.replaceAll(`${folder}/`, '') };
}

describe('windlass preflight', () => {
  it('is content when all are treated as expected', async () => {
    const { code, said } = await preflight('--bundle both.pem --client pos.pem --client app.pem');
    expect(said).toBe(
      'ok: pos.pem is accepted at depth 1\nok: app.pem is accepted at depth 1\nready: 2 of 2 as expected',
    );
    expect(code).toBe(0);
  });

  it('says who would be locked out, why, and what lets them in', async () => {
    const { code, said } = await preflight('--bundle new.pem --client pos.pem --known live.pem');
    expect(code).toBe(1);
    expect(said).toContain('WRONG: pos.pem is refused at depth 1 (unable to get local issuer certificate)');
    expect(said).toContain('next: add CN=Old to the bundle (tried: it then gets in)');
    expect(said).toContain('NOT ready: 1 of 1 not as expected; change nothing yet');
    const alone = await preflight('--bundle both.pem --client app-alone.pem --known issuing.pem');
    expect(alone.said).toContain('let the client send CN=Issuing');
  });

  it('says what changes against the bundle of today', async () => {
    const { said } = await preflight('--bundle new.pem --before live.pem --client app.pem --refused pos.pem');
    expect(said).toMatch(
      /\+1 -1 anchors: added CN=New \(\w+\); removed CN=Old \(\w+\); clients: 1 accepted, 1 will be refused: pos.pem; 1 will get in: app.pem/,
    );
    const same = await preflight('--bundle both.pem --before both.pem --client app.pem');
    expect(same.said).toContain('+0 -0 anchors; clients: 1 accepted\n');
  });

  it('says who gets in and must not', async () => {
    const { code, said } = await preflight('--bundle both.pem --refused pos.pem');
    expect(code).toBe(1);
    expect(said).toContain('WRONG: pos.pem is accepted at depth 1');
  });

  it('asks as the servers of a configuration do, with the bundle in the place of theirs', async () => {
    const shallow = await preflight('--bundle both.pem --client app.pem --config nginx.conf');
    expect(shallow.code).toBe(1);
    expect(shallow.said).toContain('refused at nginx.conf:4 (certificate chain too long)');
    expect(shallow.said).toContain('set ssl_verify_depth to 1 (tried: it then gets in)');
    const loose = await preflight('--bundle both.pem --client app.pem --config loose.conf');
    expect(loose.code).toBe(0);
    expect(loose.said).toContain('warning: the server at loose.conf:4 has ssl_verify_client optional');
  });

  it('takes the CRLs of a bundle that ssl_crl names as well', async () => {
    const revoked = '--bundle revoking.pem --refused pos.pem --config crl.conf';
    expect((await preflight(revoked)).said).toBe(
      'ok: pos.pem is refused at crl.conf:4 (certificate revoked)\nready: 1 of 1 as expected',
    );
    const without = await preflight('--bundle live.pem --client pos.pem --config crl.conf');
    expect(without.said).toContain('the file of ssl_crl holds no CRL');
  });

  it('runs nginx -t with the bundle, and leaves the live one alone', async () => {
    const before = await readFile(at('live.pem'), 'utf8');
    const { code, said } = await preflight('--bundle junk.pem --client pos.pem --config nginx.conf');
    expect(code).toBe(1);
    expect(said).toContain('error: nginx -t fails with this bundle:');
    expect(said).toContain('mend that file first');
    expect(await readFile(at('live.pem'), 'utf8')).toBe(before);
  });

  it.each([
    ['--json', (text: string) => JSON.parse(text)],
    ['-o json', (text: string) => JSON.parse(text)],
    ['-o yaml', (text: string) => parse(text)],
  ])('answers programs with %s', async (format, read) => {
    const { code, said } = await preflight(`--bundle new.pem --client pos.pem --known live.pem ${format}`);
    expect(code).toBe(1);
    expect(read(said)).toMatchObject({
      passed: false,
      findings: [],
      clients: [{ client: 'pos.pem', verdict: 'refused', advice: ['add CN=Old to the bundle'] }],
    });
  });

  it.each([
    ['--bundle none.pem --client pos.pem', 'none.pem cannot be read'],
    ['--bundle both.pem --client pos.pem --config none.conf', 'none.conf cannot be read'],
    ['--bundle both.pem --client pos.pem --config off.conf', 'has no server with ssl_verify_client'],
    ['--bundle both.pem --client pos.pem --config both.pem', 'fails nginx -t as it is'],
    ['--bundle both.pem --client pos.pem --config nginx.conf --nginx true', 'true is no nginx'],
    ['--bundle both.pem --client pos.pem --openssl /none', 'install OpenSSL 3'],
    ['--bundle both.pem', 'no client is given'],
    ['--bundle both.pem --client pos.pem -o xml', '--output must be one of table, json, yaml'],
    ['--bundle both.pem --client pos.pem --nonsense', 'nonsense'],
  ])('cannot be asked: %s', async (words, why) => {
    const { code, said } = await preflight(words);
    expect(code).toBe(2);
    expect(said).toContain(why);
  });
});
