import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { RULE_CASES } from '../../libs/nginx-audit/src/rules/cases/index.fixture.js';
import { CONFTEST_RULES } from '../../tools/audit-rules/rego-rules.js';
import { anyServers } from './conftest-policy.configs.js';
import { auditVerdict, type PolicyCase, policyVerdicts, UNREADABLE_CASES } from './conftest-policy.js';

vi.setConfig({ testTimeout: 240_000 });

const HARDENED = /```nginx\n([\s\S]*?)```/.exec(readFileSync('docs/hardened-server.md', 'utf8'))?.[1] ?? '';
const cases = RULE_CASES.filter(({ what }) => !UNREADABLE_CASES.includes(what));

async function expectParity(all: readonly PolicyCase[], clientDepth: number | null = null): Promise<void> {
  for (const parser of ['nginx', 'json'] as const) {
    const verdicts = await policyVerdicts(all, { clientDepth, parser });
    const differing = all.flatMap((one, index) => {
      const [policy, audit] = [verdicts[index], auditVerdict(one, clientDepth)];
      return JSON.stringify(policy) === JSON.stringify(audit) ? [] : [{ ...one, parser, policy, audit }];
    });
    expect(differing).toEqual([]);
  }
}

describe('the policy of Conftest and the audit say the same', () => {
  it.each([null, 1, 3])('of the cases of every rule, with chains of %s intermediates', async (depth) => {
    await expectParity(
      cases.map(({ rule, what, config }) => ({ what: `${rule}: ${what}`, config })),
      depth,
    );
  });

  it('of servers that were drawn', async () => {
    const seed = Number(process.env.WINDLASS_SEED ?? Date.now() % 1_000_000);
    const drawn = fc.sample(anyServers, { numRuns: 200, seed });
    const all = drawn.map((config, index) => ({ what: `seed ${seed}, ${index}`, config }));
    await expectParity(all);
    const spoken = all.flatMap((one) => auditVerdict(one)).map((key) => key.split(' ')[1]);
    expect(CONFTEST_RULES.filter((rule) => !spoken.includes(rule))).toEqual([
      ...['depth-too-small', 'include-not-read', 'config-unreadable', 'suppression-without-reason'],
    ]);
  });

  it('of the hardened server, which is clean, and of the same with a flaw', async () => {
    const flaws: readonly (readonly [string, string])[] = [
      ['', ''],
      ['ssl_verify_client on;', 'ssl_verify_client off;'],
      ['ssl_verify_client on;', 'ssl_verify_client "optional_no_ca";'],
      ['ssl_verify_depth 3;', ''],
      ['ssl_client_certificate /etc/windlass/clients.pem;', ''],
      ['ssl_verify_client on;', 'include verify.conf;'],
    ];
    for (const [from] of flaws) expect(HARDENED).toContain(from);
    const all = flaws.map(([from, to]) => ({
      what: to || `without ${from}`,
      config: HARDENED.replace(from, to),
    }));
    await expectParity(all);
    const [clean, ...others] = await policyVerdicts(all);
    expect(clean).toEqual([]);
    expect(others.filter((said) => said.length === 0)).toHaveLength(1);
  });
});
