import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conftest, type Ran } from '#kit';
import { RULES } from '#nginx-audit';
import { RULE_CASES } from '../../libs/nginx-audit/src/rules/cases/index.fixture.js';
import { auditVerdict, POLICY, policyVerdicts, UNREADABLE_CASES } from './conftest-policy.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'windlass-conftest-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function test(config: string, ...options: readonly string[]): Promise<Ran> {
  const file = path.join(folder, 'nginx.conf');
  await writeFile(file, config);
  return conftest(['test', '--no-color', ...POLICY, ...options, file]);
}

const NGINX = ['--parser', 'nginx'] as const;
const server = (inside: string) =>
  `server { listen 443 ssl; server_name a.test; ssl_client_certificate /ca.pem; ${inside} }\n`;
const CLEAN = server('ssl_verify_client on; ssl_verify_depth 2;');
const DENIED = server('ssl_verify_client optional; ssl_verify_depth 2;');
const WARNED = server('ssl_verify_client on;');

describe('the policy', () => {
  it('passes its own tests, and is formatted', async () => {
    const verified = await conftest(['verify', '--strict', '--no-color', '--policy', 'policy/conftest']);
    expect(verified.stdout).toMatch(
      /(\d+) tests, \1 passed, 0 warnings, 0 failures, 0 exceptions, 0 skipped/,
    );
    expect(verified.code).toBe(0);
    expect(await conftest(['fmt', '--check', 'policy/conftest'])).toMatchObject({ code: 0 });
  });

  it('ends with the exit codes of the documentation', async () => {
    expect((await test(CLEAN, ...NGINX)).code).toBe(0);
    expect((await test(WARNED, ...NGINX)).code).toBe(0);
    expect((await test(DENIED, ...NGINX)).code).toBe(1);
    expect((await test(WARNED, ...NGINX, '--fail-on-warn')).code).toBe(1);
    expect((await test(DENIED, ...NGINX, '--fail-on-warn')).code).toBe(2);
  });

  it('names server, directive, reason, fix and rule', async () => {
    const rule = RULES.find(({ id }) => id === 'verify-optional');
    const { stdout } = await test(DENIED, ...NGINX);
    expect(stdout).toContain(
      'server a.test (listen 443 ssl): ssl_verify_client optional, and nothing looks at',
    );
    expect(stdout).toContain(`${rule?.matters} Fix: ${rule?.remedy} [verify-optional]`);
  });

  it('takes the real depth of the chains from the file of the documentation', async () => {
    const data = path.join(folder, 'windlass.yaml');
    const [, yaml = ''] =
      /```yaml\n(windlass:\n[\s\S]*?)```/.exec(await readFile('docs/policy.md', 'utf8')) ?? [];
    await writeFile(data, yaml);
    expect((await test(CLEAN, ...NGINX, '--data', data)).stdout).toContain('[depth-too-small]');
  });

  it.each([
    ['with another parser', 'server { listen = 443 }', ['--parser', 'hocon']],
    ['with several files in one document', CLEAN, [...NGINX, '--combine']],
  ])('passes nothing %s', async (_what, config, options) => {
    const { code, stdout } = await test(config, ...options);
    expect(code).toBe(1);
    expect(stdout).toContain('[config-unreadable]');
  });
});

describe("what Conftest's parser of nginx does not see", () => {
  it.each([
    [
      'a directive that it does not know',
      'http { more_set_headers "X: y"; }',
      /unknown directive 'more_set_headers'/,
    ],
    [
      'one that nginx got after its list was made',
      'http { add_header_inherit merge; }',
      /unknown directive 'add_header_inherit'/,
    ],
    ['a block without end', 'server {', /unexpected eof in block/],
    [
      'a quoted backslash before a closing quote',
      'http { log_format a "\\\\"; }',
      /unexpected end of file while scanning quoted string/,
    ],
  ])('%s ends in an error', async (_what, config, complaint) => {
    const { code, stderr } = await test(config, ...NGINX);
    expect(code).toBe(1);
    expect(stderr).toMatch(complaint);
  });

  it.each(
    RULE_CASES.filter(({ what }) => UNREADABLE_CASES.includes(what)).map((one) => [one.what, one] as const),
  )('is why the comparison with the audit leaves out: %s', async (_what, { config }) => {
    expect(await test(config, ...NGINX)).toMatchObject({ code: 1, stdout: '' });
  });

  it('passes what stands behind a brace too many, which no nginx loads', async () => {
    const config = `${CLEAN}}\n${DENIED}`;
    expect(await policyVerdicts([{ what: 'a brace too many', config }])).toEqual([[]]);
    expect(auditVerdict({ what: 'a brace too many', config })).toEqual([
      ...['error config-unreadable', 'error verify-optional a.test'],
    ]);
  });

  it('denies what a comment accepts, as comments are gone', async () => {
    const config = `# windlass-ignore verify-optional: the application looks\n${DENIED}`;
    expect(await policyVerdicts([{ what: 'accepted', config }])).toEqual([['error verify-optional a.test']]);
  });

  it('warns of every include, also of those that stand behind it in a dump of nginx -T', async () => {
    const dump = `http { ssl_verify_client on; ssl_verify_depth 2; include conf.d/*.conf; }\n${server('')}`;
    expect(await policyVerdicts([{ what: 'a dump', config: dump }])).toEqual([['warning include-not-read']]);
  });
});
