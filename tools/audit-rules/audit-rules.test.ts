import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RULE_PAGES } from '#nginx-audit';

it.each(Object.entries(RULE_PAGES))(
  'docs/%s is what the rule table makes (node dist/tools/audit-rules/main.js)',
  (name, page) => {
    expect(readFileSync(`docs/${name}`, 'utf8')).toBe(page());
  },
);
