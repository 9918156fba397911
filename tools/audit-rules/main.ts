import { writeFileSync } from 'node:fs';
import { RULES, ruleDocumentation } from '#nginx-audit';

/** Writes docs/audit-rules.md anew from the rule table. Run it from the top of the repository. */
writeFileSync('docs/audit-rules.md', ruleDocumentation(RULES));
