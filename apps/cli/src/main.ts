#!/usr/bin/env node
import { findCommand } from './command-line/find-command.js';
import { groupHelp, overview } from './command-line/help.js';
import { commandTable } from './command-table.js';

// Whoever reads may have seen enough, as head does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

/** Returns the exit code. */
async function run(given: readonly string[]): Promise<number> {
  const asksHelp = given[0] === 'help';
  const words = asksHelp ? given.slice(1) : given;
  const table = commandTable();
  if (words.length === 0 || words[0] === '--help' || words[0] === '-h') {
    process.stdout.write(`${overview(table)}\n`);
    return 0;
  }
  const found = findCommand(words, table);
  if (found.kind === 'group') {
    process.stdout.write(`${groupHelp(found.words, found.commands)}\n`);
    return 0;
  }
  if (found.kind === 'option') {
    process.stderr.write(
      `windlass: "${found.option}" stands before the command; options go behind it\nNext: windlass --help\n`,
    );
    return 1;
  }
  if (found.kind === 'unknown') {
    const hint = found.nearest === null ? '' : `; did you mean "windlass ${found.nearest}"?`;
    process.stderr.write(`windlass: there is no command "${found.words}"${hint}\nNext: windlass --help\n`);
    return 1;
  }
  const { openTerminal } = await import('./command-line/terminal.js');
  const terminal = openTerminal(found.command.words, process.env);
  try {
    return await found.command.run(asksHelp ? ['--help'] : found.rest, terminal);
  } finally {
    terminal.end();
  }
}

process.exitCode = await run(process.argv.slice(2));
