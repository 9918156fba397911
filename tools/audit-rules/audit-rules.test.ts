import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RULES, ruleDocumentation } from '#nginx-audit';
import { regoRules } from './rego-rules.js';

it.each([
  ['docs/audit-rules.md', ruleDocumentation(RULES)],
  ['policy/conftest/rules.rego', regoRules(RULES)],
])('%s is what the rule table makes (node dist/tools/audit-rules/main.js)', (file, text) => {
  expect(readFileSync(file, 'utf8')).toBe(text);
});
