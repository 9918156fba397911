import { writeFileSync } from 'node:fs';
import { pages } from './pages.js';

/** Writes what is made from the rule tables anew. Run it from the top of the repository. */
for (const [file, text] of Object.entries(pages())) writeFileSync(file, text);
