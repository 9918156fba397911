import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RULES, ruleDocumentation } from '#nginx-audit';

it('docs/audit-rules.md is what the rule table makes (node dist/tools/audit-rules/main.js)', () => {
  expect(readFileSync('docs/audit-rules.md', 'utf8')).toBe(ruleDocumentation(RULES));
});
