import { writeFileSync } from 'node:fs';
import { commandsUnderTest, TABLE } from './repository.js';
import { commandTable } from './table.js';

/** Writes the table of commands anew, and says what is wrong with pages. Run it from the top of the repository. */
const { blocks, faults } = commandsUnderTest();
writeFileSync(TABLE, commandTable(blocks));
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
