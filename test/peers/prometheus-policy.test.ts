import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dump, load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { ALL_METRICS } from '#platform';
import { checkedBy } from '../kit/monitoring.js';
import { repositoryRoot } from '../kit/repository-root.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
interface Rules {
  readonly groups: readonly { readonly name: string; readonly rules: Rule[] }[];
}
interface RuleTests {
  readonly tests: readonly {
    readonly name: string;
    readonly promql_expr_test?: { exp_samples: unknown[] }[];
  }[];
}

const policy = path.join(repositoryRoot(), 'policy/prometheus');
const file = (name: string) => path.join(policy, name);
const yaml = <T>(name: string) => load(readFileSync(file(name), 'utf8')) as T;
const rules = yaml<Rules>('windlass.rules.yml').groups.flatMap((group) => group.rules);
const { tests } = yaml<RuleTests>('windlass.rules.test.yml');

/** What `promtool test rules` says of the shipped tests when a rule is changed so. */
async function testedWith(change: (rule: Rule) => Rule): Promise<{ code: number | null; said: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'windlass-rules-'));
  const changed = yaml<Rules>('windlass.rules.yml').groups.map((group) => ({
    ...group,
    rules: group.rules.map(change),
  }));
  writeFileSync(path.join(folder, 'windlass.rules.yml'), dump({ groups: changed }));
  writeFileSync(path.join(folder, 'test.yml'), readFileSync(file('windlass.rules.test.yml')));
  const verdict = await checkedBy('promtool', ['test', 'rules', path.join(folder, 'test.yml')]);
  rmSync(folder, { recursive: true });
  return verdict;
}

describe('policy/prometheus', () => {
  it.each([
    ['promtool', 'check', 'rules', file('windlass.rules.yml')],
    ['promtool', 'check', 'config', '--syntax-only', file('prometheus.yml')],
    ['promtool', 'test', 'rules', file('windlass.rules.test.yml')],
    ['amtool', 'check-config', file('alertmanager.yml')],
    ['prometheus-blackbox-exporter', '--config.check', `--config.file=${file('blackbox.yml')}`],
  ])('passes %s %s %s', async (program, ...args) => {
    const { code, said } = await checkedBy(program, args);
    expect(code, said).toBe(0);
  });
});

describe.each(rules.map((rule) => [rule.alert, rule] as const))('the alert %s', (alert, rule) => {
  it('says how bad it is, what is, why, and what to do', () => {
    expect(['info', 'warning', 'critical']).toContain(rule.labels.severity);
    expect(rule.annotations.summary).toBeTruthy();
    expect(rule.annotations.description).toBeTruthy();
    const runbook = `docs/operations/runbooks/${alert}.md`;
    expect(rule.annotations.runbook_url).toBe(runbook);
    expect(existsSync(path.join(repositoryRoot(), runbook))).toBe(true);
  });

  it('is tried where it must fire, and where it must not', () => {
    const own = tests
      .filter(({ name }) => name.startsWith(`${alert} `))
      .flatMap((one) => one.promql_expr_test ?? []);
    expect(own.some(({ exp_samples: samples }) => samples.length > 0)).toBe(true);
    expect(own.some(({ exp_samples: samples }) => samples.length === 0)).toBe(true);
  });

  it('asks for metrics that there are', () => {
    const named = rule.expr.match(/\bwindlass_\w+/g) ?? [];
    const known = ALL_METRICS.map(({ name }) => name);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
    expect(named.length > 0 || /\bprobe_\w+/.test(rule.expr)).toBe(true);
  });

  it('fails its tests when it fires always, or never', async () => {
    for (const expr of ['vector(1)', 'vector(1) > 2']) {
      const { code } = await testedWith((one) => (one.alert === alert ? { ...one, expr } : one));
      expect(code, expr).not.toBe(0);
    }
  });
});

describe('the rule that is copied from page to page', () => {
  it('is shipped by its name, and does not ask what the server shows', () => {
    const rule = rules.find(({ alert }) => alert === 'NginxClientCABundleExpiryWarning');
    expect(rule?.expr).toContain('windlass_client_ca_expiry_timestamp_seconds');
    expect(rule?.expr).not.toContain('probe_ssl');
  });

  it('as it is copied fails the tests that this one passes', async () => {
    const expr = 'probe_ssl_earliest_cert_expiry - time() < 30 * 86400';
    const { code, said } = await testedWith((one) =>
      one.alert === 'NginxClientCABundleExpiryWarning' ? { ...one, expr } : one,
    );
    expect(code).not.toBe(0);
    expect(said).toContain('NginxClientCABundleExpiryWarning');
  });
});

describe('docs/operations/runbooks', () => {
  it('has no page for an alert that there is not', () => {
    const pages = readdirSync(path.join(repositoryRoot(), 'docs/operations/runbooks'));
    const alerts = rules.map(({ alert }) => `${alert}.md`);
    expect(pages.filter((page) => page !== 'README.md' && !alerts.includes(page))).toEqual([]);
  });
});
