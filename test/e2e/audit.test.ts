import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeCa } from '#kit';
import { auditCommand } from '../../apps/cli/src/audit/audit-command.js';
import { TOOL_VERSION } from '../../apps/cli/src/findings/conclude.js';

let folder: string;
const at = (name: string) => path.join(folder, name);

const SERVER = `server {
    listen 443 ssl;
    ssl_certificate server.pem; ssl_certificate_key server.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256;
    ssl_client_certificate ca.pem;
    ssl_verify_client optional;  # for the demo
    ssl_verify_depth 2;
    server_tokens off;
}
`;
const MAIN = 'worker_shutdown_timeout 1m;\nevents { }\nhttp {\n    include sites/*.conf;\n}\n';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'windlass-audit-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function site(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(at(name)), { recursive: true });
    await writeFile(at(name), content);
  }
}

function audit(...args: readonly string[]): { code: number; printed: string; complained: string } {
  const printed: string[] = [];
  const complained: string[] = [];
  const code = auditCommand(
    args,
    (line) => printed.push(line),
    (line) => complained.push(line),
  );
  return { code, printed: printed.join('\n'), complained: complained.join('\n') };
}

describe('windlass audit', () => {
  it('reads a tree of includes, and names the place where a person has to look', async () => {
    await site({
      'nginx.conf': MAIN,
      'sites/a.conf': SERVER,
      'sites/.hidden.conf': 'x {',
      'sites/b.txt': 'x {',
    });
    const { code, printed } = audit(at('nginx.conf'));
    expect(code).toBe(2);
    expect(printed).toContain(`${at('sites/a.conf')}:7:5: error: `);
    expect(printed).toMatch(/1 error, 0 warnings, 0 notes; 1 can be mended with --write$/);
  });

  it('mends the file that is meant, through a link, and leaves everything else as it was', async () => {
    const bytes = Buffer.concat([Buffer.from('# caf\xe9\r\n', 'latin1'), Buffer.from(SERVER)]);
    await site({ 'nginx.conf': MAIN, 'available/a.conf': bytes, 'sites/keep': '' });
    await symlink('../available/a.conf', at('sites/a.conf'));
    const { code, printed } = audit(at('nginx.conf'), '--write');
    expect([code, printed]).toEqual([0, 'clean']);
    const after = await readFile(at('available/a.conf'));
    expect(after.toString('latin1')).toBe(bytes.toString('latin1').replace('optional;', 'on;'));
    expect(await readFile(at('nginx.conf'), 'utf8')).toBe(MAIN);
    expect(audit(at('nginx.conf')).code).toBe(0);
  });

  it('prints what it would write, and findings elsewhere', async () => {
    await site({ 'a.conf': SERVER });
    const { printed, complained } = audit(at('a.conf'), '--fix');
    expect(printed).toBe(SERVER.replace('optional;', 'on;').trimEnd());
    expect(complained).toBe('clean');
    expect(await readFile(at('a.conf'), 'utf8')).toBe(SERVER);
  });

  it('reads what nginx -T prints from standard input, through the program itself', () => {
    const dump = `nginx: the configuration file is ok\n# configuration file /etc/nginx/nginx.conf:\n${MAIN}\n# configuration file /etc/nginx/sites/a.conf:\n${SERVER}\n`;
    const { status, stdout, stderr } = spawnSync(
      'node',
      ['dist/apps/cli/src/main.js', 'audit', '-', '--fix'],
      { input: dump, encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([0, 'clean\n']);
    expect(stdout).toBe(dump.slice(dump.indexOf('#')).replace('optional;', 'on;'));
  });

  it.each([
    ['error', 2],
    ['never', 0],
  ])('fails on %s with %i', async (bar, code) => {
    await site({ 'a.conf': SERVER });
    expect(audit(at('a.conf'), '--fail-on', bar).code).toBe(code);
  });

  it('fails on notes only when asked to', async () => {
    await site({ 'a.conf': SERVER.replace('server_tokens off;', '').replace('optional', 'on') });
    expect(audit(at('a.conf')).code).toBe(0);
    expect(audit(at('a.conf'), '--fail-on', 'note').code).toBe(2);
  });

  it('takes reasons from comments and from a baseline', async () => {
    await site({ 'a.conf': SERVER.replace('# for the demo', '# windlass-ignore verify-optional: a demo') });
    expect(audit(at('a.conf'))).toMatchObject({ code: 0, printed: 'clean; 1 accepted' });
    await site({ 'a.conf': SERVER });
    expect(audit(at('a.conf'), '--write-baseline', at('known.json'), '--reason', 'issue 7').code).toBe(0);
    expect(audit(at('a.conf'), '--baseline', at('known.json'))).toMatchObject({
      code: 0,
      printed: 'clean; 1 accepted',
    });
    await writeFile(at('a.conf'), SERVER.replace('server_tokens off;', 'ssl_protocols TLSv1;'));
    expect(audit(at('a.conf'), '--baseline', at('known.json')).code).toBe(0);
  });

  it('reads the certificates that are named, and looks for absolute paths below a root', async () => {
    const root = await makeCa({ commonName: 'Root' });
    const issuing = await root.issueIntermediate({ commonName: 'Issuing' });
    const text = SERVER.replace('ca.pem', '/pki/ca.pem').replace('optional', 'on');
    await site({ 'host/etc/nginx/nginx.conf': text, 'host/pki/ca.pem': issuing.certificatePem });
    const { code, printed } = audit(at('host/etc/nginx/nginx.conf'), '--root', at('host'));
    expect(code).toBe(2);
    expect(printed).toContain('[bundle-incomplete]');
    expect(printed).toContain(`${at('host/etc/nginx/nginx.conf')}:6:5`);
    expect(audit(at('host/etc/nginx/nginx.conf'), '--root', '/nowhere').code).toBe(1);
  });

  it.each(['json', 'sarif'])('prints one JSON value as %s', async (format) => {
    await site({ 'a.conf': SERVER });
    expect(JSON.parse(audit(at('a.conf'), '--format', format).printed)).toBeTypeOf('object');
  });

  it('prints the same as JSON and as YAML with -o', async () => {
    await site({ 'a.conf': SERVER });
    const [json, yaml] = ['json', 'yaml'].map((format) => audit(at('a.conf'), '-o', format).printed);
    expect(parse(yaml ?? '')).toEqual(JSON.parse(json ?? ''));
    expect(yaml).toMatch(/^findings:\n {2}- rule: /);
  });

  it.each([
    [['missing.conf'], 'cannot be read'],
    [['.'], 'cannot be read'],
    [[], 'no file is given'],
    [['a.conf', '--baseline', 'a.conf'], 'the baseline is no JSON'],
  ])('cannot ask %j', async (words, message) => {
    await site({ 'a.conf': SERVER });
    const { code, complained } = audit(...words.map((word) => (word.startsWith('-') ? word : at(word))));
    expect([code, complained]).toEqual([1, expect.stringContaining(message)]);
  });

  it('prints no command to the terminal, and reads nothing outside of a root', async () => {
    const text = 'server { listen 443 ssl; server_name "\x1b]0;x\x07"; }\ninclude /../../secret;\n';
    await site({ 'host/nginx.conf': text, secret: 'hunter2 is the word' });
    const { printed } = audit(at('host/nginx.conf'), '--root', at('host'));
    expect(printed).toContain('server \\x1b]0;x\\x07');
    expect(printed).toContain('included file /../../secret is not in the text');
    expect(printed).not.toContain('hunter2');
  });

  it('says which version of the tool found it', () => {
    expect(TOOL_VERSION).toBe(
      JSON.parse(execFileSync('cat', ['package.json'], { encoding: 'utf8' })).version,
    );
  });
});
