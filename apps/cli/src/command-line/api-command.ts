import { type Answer, SERVER_OPTIONS } from './call.js';
import type { Command } from './command.js';
import type { Options } from './option.js';

export interface ApiCommandSpec<O extends Options> {
  readonly words: string;
  readonly aliases?: readonly string[];
  readonly section: Command['section'];
  readonly operands?: readonly string[];
  readonly says: string;
  readonly about?: string;
  readonly options: O;
  readonly examples: readonly string[];
  readonly load: () => Promise<Answer<O>>;
}

/** A command that talks to the API. Nothing of what it takes is loaded before it is called. */
export function apiCommand<const O extends Options>(spec: ApiCommandSpec<O>): Command {
  const { aliases = [], operands = [], about = '', options, load, ...others } = spec;
  const command: Command = {
    ...{ ...others, aliases, operands, about },
    options: async () => ({ ...options, ...SERVER_OPTIONS }),
    run: async (args, desk) => {
      const { runApiCommand } = await import('./run-api-command.js');
      return runApiCommand(command, options, load, args, desk);
    },
  };
  return command;
}
