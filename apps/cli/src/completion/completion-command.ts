import { parseArgs } from 'node:util';
import type { Command } from '../command-line/command.js';
import type { Writers } from '../print-command.js';
import { bashCompletion } from './bash.js';
import { completions } from './completions.js';
import { fishCompletion } from './fish.js';
import { zshCompletion } from './zsh.js';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

const COMPLETION_USAGE = `windlass completion bash|zsh|fish

Prints what the shell completes the words of windlass with: commands, options, and the words that options take.

  bash   source <(windlass completion bash)                          in ~/.bashrc
  zsh    windlass completion zsh > "\${fpath[1]}/_windlass"           once, then start zsh anew
  fish   windlass completion fish > ~/.config/fish/completions/windlass.fish
`;

export const COMPLETION_OPTIONS = { help: { type: 'boolean', short: 'h' } } as const;

/** Returns the exit code: 0, or 1 for words that make no sense. */
export async function completionCommand(
  args: readonly string[],
  { print, complain }: Writers,
  table: readonly Command[],
): Promise<number> {
  try {
    const parsed = parseArgs({ args: [...args], options: COMPLETION_OPTIONS, allowPositionals: true });
    if (parsed.values.help) {
      print(COMPLETION_USAGE);
      return 0;
    }
    const [shell = '', ...more] = parsed.positionals;
    if (!isShell(shell) || more.length > 0)
      throw new RangeError(`name one shell: ${Object.keys(SHELLS).join(', ')}`);
    print(SHELLS[shell](await completions(table)).trimEnd());
    return 0;
  } catch (error) {
    complain(`windlass completion: ${(error as Error).message}\n\n${COMPLETION_USAGE}`);
    return 1;
  }
}

function isShell(word: string): word is keyof typeof SHELLS {
  return Object.hasOwn(SHELLS, word);
}
