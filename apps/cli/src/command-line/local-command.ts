import type { Writers } from '../print-command.js';
import type { Command } from './command.js';
import type { Environment } from './desk.js';
import type { Options } from './option.js';

/** What runs it: it reads its words by itself, and has a help of its own. */
export type LocalRun = (
  args: readonly string[],
  writers: Writers,
  env: Environment,
) => number | Promise<number>;

export interface LocalCommandSpec {
  readonly words: string;
  readonly operands?: readonly string[];
  readonly section?: Command['section'];
  readonly says: string;
  readonly options: () => Promise<Options>;
  readonly load: () => Promise<LocalRun>;
}

/** A command that works on this machine. Nothing of what it takes is loaded before it is called. */
export function localCommand({ operands = [], section = 'local', load, ...spec }: LocalCommandSpec): Command {
  return {
    ...{ ...spec, operands, section, aliases: [], about: '', examples: [] },
    run: async (args, { print, complain, env }) => (await load())(args, { print, complain }, env),
  };
}
