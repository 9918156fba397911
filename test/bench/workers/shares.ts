import type { JournalEntry } from '#engine';

/** What one worker did of one transition, as the journal has it. */
export interface Share {
  readonly holder: string;
  /** Scopes that it took, such as `coordinator` and `batch/3`. */
  readonly scopes: readonly string[];
  /** Effects on hosts that it reported. */
  readonly effects: number;
}

/** Each entry names the lease it was written under, and each lease who took it: nobody has to be believed. */
export function sharesOf(journal: readonly JournalEntry[]): readonly Share[] {
  const holders = new Map<number, string>();
  const scopes = new Map<string, Set<string>>();
  const effects = new Map<string, number>();
  for (const { event } of journal) {
    if (event.type === 'term.taken') {
      holders.set(event.term, event.holder);
      scopes.set(event.holder, (scopes.get(event.holder) ?? new Set()).add(event.scope));
    } else if (event.type === 'effect.succeeded' && /\/host\./.test(event.effectId)) {
      const holder = holders.get(event.term ?? -1) ?? 'nobody';
      effects.set(holder, (effects.get(holder) ?? 0) + 1);
    }
  }
  return [...scopes].map(([holder, own]) => ({
    ...{ holder, scopes: [...own].sort() },
    effects: effects.get(holder) ?? 0,
  }));
}

/** Seconds from the first stage to the last confirm. */
export function transitionSeconds(journal: readonly JournalEntry[]): number {
  const begun = journal.find(
    ({ event }) => event.type === 'effect.intended' && event.effect.id.includes('/host.stage/'),
  );
  const ended = journal.findLast(
    ({ event }) => event.type === 'effect.succeeded' && event.effectId.includes('/host.confirm/'),
  );
  if (!begun || !ended) throw new Error('no transition in this journal');
  return (Date.parse(ended.at) - Date.parse(begun.at)) / 1_000;
}
