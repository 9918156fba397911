import { describe, expect, it } from 'vitest';
import { auditConfig } from '../audit.js';
import { parseNginxVersion } from '../nginx-version.js';
import { parseNginxDump } from '../parse-dump.js';
import { RULE_CASES } from './cases/index.fixture.js';
import type { RuleCase } from './cases/rule-case.fixture.js';
import { RULES } from './index.js';

/** Their cases need certificates: test/conformance/audit-certificates.test.ts. */
const WITH_FILES = [
  'bundle-leaf',
  'bundle-incomplete',
  'bundle-unsound',
  'crl-coverage',
  'crl-certificate',
  'crl-unsound',
];

function found({ config, rule, version, clientDepth = undefined }: RuleCase): string[] {
  return auditConfig(parseNginxDump(config), {
    version: version === undefined ? null : parseNginxVersion(version),
    clientDepth: clientDepth ?? null,
  })
    .filter((finding) => finding.rule === rule)
    .map(({ line, severity }) => `${line} ${severity}`);
}

describe('the rule', () => {
  it.each(RULE_CASES.map((one) => [`${one.rule}: ${one.what}`, one] as const))('%s', (_name, one) => {
    expect(found(one)).toEqual(one.found);
  });
});

describe('the rule table', () => {
  it('has a name of its own for each rule', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    for (const { id } of RULES) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it('says of each what nginx does, why it matters, how to mend it, and where that is written', () => {
    for (const { does, matters, remedy, references, title } of RULES) {
      for (const text of [does, matters, remedy]) expect(text).toMatch(/^\S.*\.$/s);
      expect(title).not.toMatch(/\.$/);
      expect(references.length).toBeGreaterThan(0);
      for (const { url } of references) expect(url).toMatch(/^https:\/\/[a-z.-]+\//);
    }
  });

  it.each(RULES.map(({ id }) => id).filter((id) => !WITH_FILES.includes(id)))(
    'shows that %s can speak',
    (id) => {
      expect(RULE_CASES.some(({ rule, found }) => rule === id && found.length > 0)).toBe(true);
    },
  );
});
