import { RULE_PAGES, RULES } from '#nginx-audit';
import { regoRules } from './rego-rules.js';

/** Everything that is made from the rule tables, by its place in the repository. */
export function pages(): Readonly<Record<string, string>> {
  const docs = Object.entries(RULE_PAGES).map(([name, page]) => [`docs/${name}`, page()]);
  return { ...Object.fromEntries(docs), 'policy/conftest/rules.rego': regoRules(RULES) };
}
