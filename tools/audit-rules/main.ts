import { writeFileSync } from 'node:fs';
import { RULE_PAGES } from '#nginx-audit';

/** Writes the pages of rules anew from their tables. Run it from the top of the repository. */
for (const [name, page] of Object.entries(RULE_PAGES)) writeFileSync(`docs/${name}`, page());
