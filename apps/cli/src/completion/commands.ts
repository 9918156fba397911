import type { Command } from '../command-line/command.js';
import { localCommand } from '../command-line/local-command.js';

/** The command that prints what a shell completes with; `table`: every command, this one among them. */
export function completionCommands(table: () => readonly Command[]): readonly Command[] {
  return [
    localCommand({
      words: 'completion',
      operands: ['SHELL'],
      says: 'prints what bash, zsh or fish complete the words of windlass with',
      options: async () => (await import('./completion-command.js')).COMPLETION_OPTIONS,
      load: async () => {
        const { completionCommand } = await import('./completion-command.js');
        return (args, writers) => completionCommand(args, writers, table());
      },
    }),
  ];
}
