import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeCa } from '#kit';
import { scanCommand } from '../../apps/cli/src/scan/scan-command.js';

let folder: string;
const at = (name: string) => path.join(folder, name);

const INGRESS = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: pay
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/auth-tls-secret: shop/ca
    nginx.ingress.kubernetes.io/auth-tls-verify-depth: "2"
    nginx.ingress.kubernetes.io/auth-tls-verify-client: optional
spec:
  rules: [{host: pay.test, http: {}}]
  tls: [{hosts: [pay.test]}]
`;
const GOOD = INGRESS.replace('optional', '"on"');

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'windlass-scan-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function manifests(files: Readonly<Record<string, string>>): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(at(name)), { recursive: true });
    await writeFile(at(name), content);
  }
}

function scan(...args: readonly string[]): { code: number; printed: string; complained: string } {
  const printed: string[] = [];
  const complained: string[] = [];
  const code = scanCommand(
    args,
    (line) => printed.push(line),
    (line) => complained.push(line),
  );
  return { code, printed: printed.join('\n'), complained: complained.join('\n') };
}

const secretOf = (pem: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: ca, namespace: shop}\ndata:\n  ca.crt: ${Buffer.from(pem).toString('base64')}\n`;

describe('windlass scan', () => {
  it('reads a folder, all of it together, and names the place where a person has to look', async () => {
    await manifests({
      'deploy/a/pay.yaml': INGRESS,
      'deploy/b/more.yml': GOOD.replace('name: pay', 'name: more'),
      'deploy/.hidden/x.yaml': 'kind: Ingress\na: [',
      'deploy/node_modules/x.yaml': 'kind: Ingress\na: [',
      'deploy/notes.txt': 'kind: Ingress\na: [',
    });
    await symlink('..', at('deploy/b/up'));
    const { code, printed } = scan(at('deploy'));
    expect(code).toBe(2);
    expect(printed).toContain(`${at('deploy/a/pay.yaml')}:9:5: error: auth-tls-verify-client is optional`);
    expect(printed).toContain(`${at('deploy/b/more.yml')}:7:5: error: pay.test gets the auth-tls settings`);
    expect(printed).toMatch(/\n2 errors, 0 warnings, 0 notes$/);
  });

  it('checks the CAs that a Secret brings, and the depth that they need', async () => {
    const root = await makeCa({ commonName: 'Root' });
    const middle = await root.issueIntermediate({ commonName: 'Middle' });
    const issuing = await middle.issueIntermediate({ commonName: 'Issuing' });
    const whole = root.certificatePem + middle.certificatePem + issuing.certificatePem;
    const leaf = await root.issueClient({ commonName: 'leaf' });
    await manifests({ 'a.yaml': GOOD, 'ca.yaml': secretOf(whole) });
    expect(scan(folder)).toMatchObject({ code: 0, printed: 'clean' });
    await manifests({ 'a.yaml': GOOD.replace('"2"', '"1"'), 'ca.yaml': secretOf(whole) });
    expect(scan(folder).printed).toContain('a.yaml:8:5: error: chains with up to 1 intermediates');
    await manifests({ 'a.yaml': GOOD, 'ca.yaml': secretOf(leaf.certificatePem) });
    expect(scan(folder).printed).toMatch(
      /ca\.yaml:5:3: error: ca\.crt of Secret shop\/ca: .*\[manifest-bundle-unsound\]/,
    );
  });

  it('reads what helm renders from standard input, through the program itself', () => {
    const { status, stdout, stderr } = spawnSync('node', ['dist/apps/cli/src/main.js', 'scan', '-'], {
      input: `---\n# Source: pay/templates/ingress.yaml\n${INGRESS}`,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([2, '']);
    expect(stdout).toContain('standard-input.yaml:11:5: error:');
  });

  it.each([
    ['error', 2],
    ['never', 0],
  ])('fails on %s with %i', async (bar, code) => {
    await manifests({ 'a.yaml': INGRESS });
    expect(scan(at('a.yaml'), '--fail-on', bar).code).toBe(code);
  });

  it('takes reasons from comments and from a baseline', async () => {
    const reason = '# windlass-ignore ingress-verify-optional: the application looks';
    await manifests({ 'a.yaml': INGRESS.replace('optional', `optional ${reason}`) });
    expect(scan(at('a.yaml'))).toMatchObject({ code: 0, printed: 'clean; 1 accepted' });
    await manifests({ 'a.yaml': INGRESS });
    expect(scan(at('a.yaml'), '--write-baseline', at('known.json'), '--reason', 'issue 7').code).toBe(0);
    expect(scan(at('a.yaml'), '--baseline', at('known.json'))).toMatchObject({
      code: 0,
      printed: 'clean; 1 accepted',
    });
    await writeFile(at('a.yaml'), INGRESS.replace('optional', 'optional_no_ca'));
    expect(scan(at('a.yaml'), '--baseline', at('known.json')).code).toBe(2);
  });

  it('looks at the rules that were named only', async () => {
    await manifests({ 'a.yaml': INGRESS });
    expect(scan(at('a.yaml'), '--rule', 'ingress-verify-off').code).toBe(0);
    expect(scan(at('a.yaml'), '--rule', 'ingress-verify-optional').code).toBe(2);
  });

  it.each(['json', 'sarif'])('prints one JSON value as %s', async (format) => {
    await manifests({ 'a.yaml': INGRESS });
    expect(JSON.parse(scan(at('a.yaml'), '--format', format).printed)).toBeTypeOf('object');
  });

  it('prints the same as JSON and as YAML with -o', async () => {
    await manifests({ 'a.yaml': INGRESS });
    const [json, yaml] = ['json', 'yaml'].map((format) => scan(at('a.yaml'), '-o', format).printed);
    expect(parse(yaml ?? '')).toEqual(JSON.parse(json ?? ''));
    expect(yaml).toMatch(/^findings:\n {2}- rule: /);
  });

  it('prints annotations of a workflow', async () => {
    await manifests({ 'a.yaml': INGRESS });
    expect(scan(at('a.yaml'), '--format', 'github').printed).toMatch(
      /^::error file=.*a\.yaml,line=9,col=5,title=ingress-verify-optional::auth-tls-verify-client/,
    );
  });

  it.each([
    [['missing.yaml'], 'cannot be read'],
    [['empty'], 'there is no .yaml, .yml or .json file below'],
    [[], 'no manifest is given'],
    [['a.yaml', '--rule', 'verify-off'], 'there is no rule "verify-off"'],
    [['a.yaml', '--baseline', 'a.yaml'], 'the baseline is no JSON'],
    [['a.yaml', '--write'], "'--write'"],
  ])('cannot ask %j', async (words, message) => {
    await manifests({ 'a.yaml': GOOD, 'empty/notes.txt': '' });
    const { code, complained } = scan(...words.map((word) => (/^-|off$/.test(word) ? word : at(word))));
    expect([code, complained]).toEqual([1, expect.stringContaining(message)]);
  });

  it('prints no command to the terminal', async () => {
    await manifests({ 'a.yaml': INGRESS.replace('shop/ca', '"\\x1b]0;x\\x07"') });
    expect(scan(at('a.yaml')).printed).toContain('"\\x1b]0;x\\x07" is no namespace/name');
  });
});
