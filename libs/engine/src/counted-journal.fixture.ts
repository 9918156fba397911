import { Rehearsal } from '../../rotation/src/rehearsal.js';
import type { Clock } from './ports/clock.js';
import type { JournalEntry } from './ports/journal.js';

/** A journal that may grow or be restored, and how many entries each read of it gave. */
export class CountedJournal {
  readonly given: number[] = [];

  constructor(public entries: readonly JournalEntry[]) {}

  async read(_: string, after = 0, most = Number.POSITIVE_INFINITY) {
    const found = this.entries.filter(({ sequence }) => sequence > after).slice(0, most);
    this.given.push(found.length);
    return found;
  }

  async now(): Promise<number> {
    return Date.parse(this.entries.at(-1)?.at ?? '2026-11-24T00:00:00Z');
  }
}

/** Time that passes only when a test says so. */
export class HeldClock implements Clock {
  at = 0;

  now(): number {
    return this.at;
  }

  monotonic(): number {
    return this.at;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.at += milliseconds;
  }
}

/** A rotation from its request to its end; `later` by so many milliseconds than others. */
export function aLife(later = 0): readonly JournalEntry[] {
  const life = new Rehearsal();
  life.now += later;
  life.run();
  return life.entries as readonly JournalEntry[];
}
