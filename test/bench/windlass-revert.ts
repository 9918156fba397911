import type { JournalEntry } from '#engine';
import type { TestFleet } from '#kit';
import type { WindlassFleet } from './windlass-fleet.js';

/** Seconds that hosts took to be switched, and to be put back when the last of them failed. */
export interface Revert {
  readonly commit: number;
  readonly revert: number;
}

/**
 * A rotation whose last host cannot reload: its new workers find a port taken. All others are switched by then, and go
 * back. The times are the journal's: from the decision to the last report of a host that was switched.
 */
export async function windlassRevert(windlass: WindlassFleet, fleet: TestFleet): Promise<Revert> {
  const undo = await fleet.hosts.at(-1)?.occupyPort();
  try {
    const journal = await windlass.rotate('reverted');
    const go = decidedAt(journal, 'go');
    const back = decidedAt(journal, 'revert');
    return {
      commit: (lastReport(journal, 'host.commit') - go) / 1_000,
      revert: (lastReport(journal, 'host.revert') - back) / 1_000,
    };
  } finally {
    await undo?.();
  }
}

/** Of the last wave that was told to go, or of the revert. In milliseconds since the epoch. */
function decidedAt(journal: readonly JournalEntry[], kind: 'go' | 'revert'): number {
  const last = journal.findLast(
    ({ event }) => event.type === 'decision.made' && event.decision.kind === kind,
  );
  if (!last) throw new Error(`the journal has no decision ${kind}`);
  return Date.parse(last.at);
}

function lastReport(journal: readonly JournalEntry[], effect: string): number {
  const last = journal.findLast(
    ({ event }) => event.type === 'effect.succeeded' && event.effectId.includes(`/${effect}/`),
  );
  if (!last) throw new Error(`no host reported ${effect}`);
  return Date.parse(last.at);
}
