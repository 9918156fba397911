import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkov, type Ran } from '#kit';
import { RULES } from '#nginx-audit';
import { checkovCases, ingress, MTLS } from './checkov-policy.manifests.js';

/** The release that the facts below were measured with. */
const MEASURED = '3.3.30';
const POLICY = ['--framework', 'kubernetes', '--external-checks-dir', 'policy/checkov'] as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'windlass-checkov-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Report {
  readonly results?: Readonly<Record<'passed_checks' | 'failed_checks' | 'skipped_checks', readonly Check[]>>;
  readonly summary?: { readonly checkov_version: string };
}
interface Check {
  readonly check_id: string;
  readonly check_name: string;
  readonly resource: string;
}

async function scan(manifests: string, ...options: readonly string[]): Promise<Ran> {
  const file = path.join(folder, 'manifests.yaml');
  await writeFile(file, manifests);
  return checkov(['--file', file, '--output', 'json', ...options]);
}

const ours = (manifests: string, ...options: readonly string[]) =>
  scan(manifests, ...POLICY, '--check', 'CKV_WINDLASS_*', ...options);

const report = ({ stdout }: Ran): Report => JSON.parse(stdout);
const ruleOf = ({ check_id }: Check) =>
  check_id.replace('CKV_WINDLASS_', '').toLowerCase().replaceAll('_', '-');

/** The rules that failed, for each resource by its name. */
function failed(ran: Ran): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const check of report(ran).results?.failed_checks ?? []) {
    const name = check.resource.split('.').at(-1) ?? '';
    found[name] = [...(found[name] ?? []), ruleOf(check)].toSorted();
  }
  return found;
}

describe('the policy of Checkov', () => {
  it('says of every manifest what ingress-nginx makes of it, in what helm template prints', async () => {
    const ran = await ours(
      checkovCases.map(({ name, annotations }) => ingress(name, annotations)).join('---\n'),
    );
    expect(ran.code).toBe(1);
    const wanted = checkovCases.filter(({ fails }) => fails.length > 0);
    expect(failed(ran)).toEqual(
      Object.fromEntries(wanted.map(({ name, fails }) => [name, [...fails].toSorted()])),
    );
    const passed = report(ran).results?.passed_checks ?? [];
    expect(new Set(passed.map(({ resource }) => resource))).toContain('Ingress.shop.clean');
    expect(passed.map(({ resource }) => resource)).not.toContain('Ingress.shop.no-mtls');
    const ids = [...passed, ...(report(ran).results?.failed_checks ?? [])].map(ruleOf);
    expect(ids.filter((id) => !RULES.some((rule) => rule.id === id))).toEqual([]);
    expect(new Set(wanted.flatMap(({ fails }) => fails))).toEqual(new Set(ids));
  });

  it('passes what is clean, and ends with 0', async () => {
    expect(await ours(ingress('clean', MTLS))).toMatchObject({ code: 0 });
  });

  it('reads the items of a List, as kubectl prints them', async () => {
    const item = ingress('listed', { ...MTLS, 'verify-client': '"off"' }).replace(/^(?=.)/gm, '    ');
    const ran = await ours(`apiVersion: v1\nkind: List\nitems:\n  - ${item.trimStart()}`);
    expect(failed(ran)).toEqual({ listed: ['verify-off'] });
  });

  it('leaves out what an annotation skips with a reason', async () => {
    const skip = '    checkov.io/skip1: CKV_WINDLASS_VERIFY_OPTIONAL=the application looks\n';
    const manifest = ingress('skipped', { ...MTLS, 'verify-client': 'optional' }).replace(
      'spec:',
      `${skip}spec:`,
    );
    const ran = await ours(manifest);
    expect(ran.code).toBe(0);
    expect(report(ran).results?.skipped_checks.map(ruleOf)).toEqual(['verify-optional']);
  });

  it('only tells of a check that is named in --soft-fail-on', async () => {
    const manifest = ingress('shallow', { ...MTLS, 'verify-depth': '"1"' });
    expect(await ours(manifest, '--soft-fail-on', 'CKV_WINDLASS_DEPTH_DEFAULT')).toMatchObject({ code: 0 });
  });
});

describe('what Checkov does, measured', () => {
  const open = ingress('open', { secret: 'shop/clients', 'verify-client': '"off"' });
  const psp = 'apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: psp}\nspec: {}\n';

  it('CKV_K8S_36 is about the capabilities of a PodSecurityPolicy, and says nothing of an Ingress', async () => {
    const ran = await scan(`${open}---\n${psp}`, '--framework', 'kubernetes', '--check', 'CKV_K8S_36');
    const { summary, results } = report(ran);
    expect(summary?.checkov_version).toBe(MEASURED);
    expect(results?.passed_checks).toEqual([]);
    expect(results?.failed_checks).toMatchObject([
      {
        resource: 'PodSecurityPolicy.default.psp',
        check_name: 'Minimize the admission of containers with capabilities assigned',
      },
    ]);
  });

  it('none of its own checks fails an Ingress that asks nobody for a certificate', async () => {
    const { results } = report(await scan(open, '--framework', 'kubernetes'));
    expect(results?.failed_checks).toEqual([]);
    expect(results?.passed_checks.length).toBeGreaterThan(0);
  });

  it('passes a file that is no YAML, such as a template of Helm before it was rendered', async () => {
    const template = open
      .replace('open', '{{ .Values.name }}')
      .replace('spec:', '{{- if .Values.x }}\nspec:');
    const ran = await ours(template);
    expect(ran.code).toBe(0);
    expect(report(ran).results).toBeUndefined();
  });
});
