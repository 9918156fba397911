import type { Command } from '../command-line/command.js';
import { namesOf } from '../command-line/find-command.js';
import type { Option } from '../command-line/option.js';

/** What may stand behind the words of a command, or behind words that begin some. */
export interface Place {
  /** `''` for the program itself, then `host`, then `host add`. */
  readonly words: string;
  /** Words that may come next, each with what it does. */
  readonly next: readonly (readonly [word: string, says: string])[];
  readonly options: readonly (readonly [name: string, option: Option])[];
}

/** Every place, made from the table of commands. */
export async function completions(table: readonly Command[]): Promise<readonly Place[]> {
  const places = new Map<string, { next: Map<string, string>; options: [string, Option][] }>();
  const at = (words: string) => {
    const place = places.get(words) ?? { next: new Map<string, string>(), options: [] };
    places.set(words, place);
    return place;
  };
  for (const command of table) {
    const options = Object.entries(await command.options());
    for (const name of namesOf(command)) {
      const words = name.split(' ');
      words.forEach((word, index) => {
        const isLast = index === words.length - 1;
        const next = at(words.slice(0, index).join(' ')).next;
        if (isLast || !next.has(word)) next.set(word, isLast ? command.says : `${word} ...`);
      });
      at(name).options.push(...options);
    }
  }
  return [...places].map(([words, { next, options }]) => ({ words, next: [...next], options }));
}
