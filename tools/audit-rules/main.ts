import { writeFileSync } from 'node:fs';
import { RULES, ruleDocumentation } from '#nginx-audit';
import { regoRules } from './rego-rules.js';

/** Writes what is made from the rule table anew. Run it from the top of the repository. */
writeFileSync('docs/audit-rules.md', ruleDocumentation(RULES));
writeFileSync('policy/conftest/rules.rego', regoRules(RULES));
