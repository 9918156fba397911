import type { Person } from './desk.js';

/**
 * Whether the person says yes; `yes` where that was said beforehand. Throws RangeError where nobody is there to ask,
 * with the words that say it beforehand.
 */
export async function agrees(
  person: Person,
  question: string,
  { yes, otherwise }: { readonly yes: boolean; readonly otherwise: string },
): Promise<boolean> {
  if (yes) return true;
  if (!person.present) throw new RangeError(`nobody is there to ask: ${otherwise}`);
  return /^y(es)?$/i.test(await person.ask(`${question} [y/N] `));
}

/** Whether the person types the word itself, so that nobody does it by mistake. */
export async function types(
  person: Person,
  question: string,
  { word, yes, otherwise }: { readonly word: string; readonly yes: boolean; readonly otherwise: string },
): Promise<boolean> {
  if (yes) return true;
  if (!person.present) throw new RangeError(`nobody is there to ask: ${otherwise}`);
  return (await person.ask(`${question} Type ${word} to go on: `)) === word;
}
