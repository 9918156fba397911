import type { JournalEntry } from './ports/journal.js';

/** Whether what stands in an entry's place now is that entry: in a database that was restored it is another one, or none. */
export function isSameEntry(now: JournalEntry | undefined, known: JournalEntry): boolean {
  return now?.at === known.at && now.event.type === known.event.type;
}
