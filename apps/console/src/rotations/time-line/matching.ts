import type { JournalEntry } from '../../feed/journal-fold.js';
import { type EntryWords, entryWords, type Topic } from './entry-words.js';

interface Wanted {
  readonly entries: readonly JournalEntry[];
  /** So many of them count. */
  readonly upTo: number;
  readonly names: Readonly<Record<string, string>>;
  readonly topic: Topic;
  readonly text: string;
}

const words = new WeakMap<JournalEntry, EntryWords>();

/** The words of an entry, made once: neither it nor the names of the hosts ever change. */
export function wordsOf(entry: JournalEntry, names: Readonly<Record<string, string>>): EntryWords {
  const known = words.get(entry) ?? entryWords(entry, names);
  words.set(entry, known);
  return known;
}

/** Newest first. */
export function matchingEntries({ entries, upTo, names, topic, text }: Wanted): readonly JournalEntry[] {
  const wanted = text.trim().toLowerCase();
  const matches = (entry: JournalEntry) => {
    if (topic === 'all' && wanted === '') return true;
    const said = wordsOf(entry, names);
    if (topic !== 'all' && said.topic !== topic) return false;
    return `${said.what} ${said.more ?? ''}`.toLowerCase().includes(wanted);
  };
  return entries.slice(0, upTo).filter(matches).reverse();
}
