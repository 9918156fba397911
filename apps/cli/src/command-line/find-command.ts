import type { Command } from './command.js';
import { nearest } from './nearest.js';

export type Found =
  | { readonly kind: 'command'; readonly command: Command; readonly rest: readonly string[] }
  /** Words that only begin commands, such as `host`. */
  | { readonly kind: 'group'; readonly words: string; readonly commands: readonly Command[] }
  /** An option where a command has to stand. */
  | { readonly kind: 'option'; readonly option: string }
  | { readonly kind: 'unknown'; readonly words: string; readonly nearest: string | null };

const MOST_WORDS = 2;

/** What the words of a command line call: the command with the most words. Pure. */
export function findCommand(words: readonly string[], table: readonly Command[]): Found {
  const [option = ''] = words;
  if (option.startsWith('-')) return { kind: 'option', option };
  const plain = words.slice(0, MOST_WORDS).filter((word) => !word.startsWith('-'));
  for (let count = plain.length; count > 0; count -= 1) {
    const called = plain.slice(0, count).join(' ');
    const command = table.find((one) => namesOf(one).includes(called));
    if (command) return { kind: 'command', command, rest: words.slice(count) };
  }
  const [first = '', second] = plain;
  const commands = table.filter((one) => one.words.startsWith(`${first} `));
  if (commands.length > 0 && second === undefined) return { kind: 'group', words: first, commands };
  return { kind: 'unknown', ...unknown(first, second, commands, table) };
}

function unknown(
  first: string,
  second: string | undefined,
  group: readonly Command[],
  table: readonly Command[],
): { words: string; nearest: string | null } {
  if (group.length > 0) {
    const words = `${first} ${second}`;
    return {
      words,
      nearest: nearest(
        words,
        group.map((one) => one.words),
      ),
    };
  }
  const names = table.flatMap(namesOf);
  const firsts = [...new Set(names.map((name) => name.split(' ')[0] ?? ''))];
  return { words: first, nearest: nearest(first, firsts) };
}

export function namesOf({ words, aliases }: Command): readonly string[] {
  return [words, ...aliases];
}
