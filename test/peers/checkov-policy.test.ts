import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkov, type Ran } from '#kit';
import { RULES } from '#nginx-audit';
import { checkovCases, ingress, MTLS } from './checkov-policy.manifests.js';

// Each run takes seconds of a processor that others may want as well.
vi.setConfig({ testTimeout: 240_000 });

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
  const item = ingress('listed', { ...MTLS, 'verify-client': '"off"' }).replace(/^(?=.)/gm, '    ');
  const list = `apiVersion: v1\nkind: List\nitems:\n  - ${item.trimStart()}`;

  it('says of each Ingress what ingress-nginx makes of it, as helm template and kubectl print them', async () => {
    const manifests = checkovCases.map(({ name, annotations }) => ingress(name, annotations));
    const ran = await ours([...manifests, list].join('---\n'));
    const wanted = checkovCases.filter(({ fails }) => fails.length > 0);
    expect(failed(ran)).toEqual({
      ...Object.fromEntries(wanted.map(({ name, fails }) => [name, fails])),
      listed: ['verify-off'],
    });
    expect(ran.code).toBe(1);
    const { passed_checks = [], failed_checks = [] } = report(ran).results ?? {};
    const passing = passed_checks.map(({ resource }) => resource);
    expect(passing).toContain('Ingress.shop.clean');
    expect(passing).not.toContain('Ingress.shop.no-mtls');
    const ids = new Set([...passed_checks, ...failed_checks].map(ruleOf));
    expect([...ids].filter((id) => !RULES.some((rule) => rule.id === id))).toEqual([]);
    expect(new Set(wanted.flatMap(({ fails }) => fails))).toEqual(ids);
  });

  it('passes what is clean, and what an annotation accepts with a reason', async () => {
    const skip = '    checkov.io/skip1: CKV_WINDLASS_VERIFY_OPTIONAL=the application looks\n';
    const accepted = ingress('accepted', { ...MTLS, 'verify-client': 'optional' });
    const ran = await ours(`${ingress('clean', MTLS)}---\n${accepted.replace('spec:', `${skip}spec:`)}`);
    expect(ran.code).toBe(0);
    expect(report(ran).results?.skipped_checks.map(ruleOf)).toEqual(['verify-optional']);
  });

  it('only tells of a check that is named in --soft-fail-on', async () => {
    const ran = await ours(
      ingress('shallow', { ...MTLS, 'verify-depth': '"1"' }),
      ...['--soft-fail-on', 'CKV_WINDLASS_DEPTH_DEFAULT'],
    );
    expect(ran.code).toBe(0);
    expect(failed(ran)).toEqual({ shallow: ['depth-default'] });
  });
});

describe('what Checkov does, measured', () => {
  const open = ingress('open', { secret: 'shop/clients', 'verify-client': '"off"' });
  const podSecurity =
    'apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: psp}\nspec: {}\n';

  it('CKV_K8S_36 is about a PodSecurityPolicy, and none of its own checks fails an Ingress that asks nobody', async () => {
    const { summary, results } = report(
      await scan(`${open}---\n${podSecurity}`, '--framework', 'kubernetes'),
    );
    expect(summary?.checkov_version).toBe(MEASURED);
    const all = [...(results?.passed_checks ?? []), ...(results?.failed_checks ?? [])];
    expect(all.filter(({ check_id }) => check_id === 'CKV_K8S_36')).toMatchObject([
      {
        resource: 'PodSecurityPolicy.default.psp',
        check_name: 'Minimize the admission of containers with capabilities assigned',
      },
    ]);
    const ofIngress = all.filter(({ resource }) => resource === 'Ingress.shop.open');
    expect(ofIngress.length).toBeGreaterThan(0);
    expect(results?.failed_checks.filter((one) => ofIngress.includes(one))).toEqual([]);
  });

  it('passes a file that is no YAML, such as a template of Helm before it was rendered', async () => {
    const ran = await ours(open.replace('spec:', '{{- if .Values.x }}\nspec:'));
    expect(ran.code).toBe(0);
    expect(report(ran).results).toBeUndefined();
  });
});
