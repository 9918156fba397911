import type { JournalEntry } from '#engine';
import type { TestFleet } from '#kit';
import type { WindlassFleet } from './windlass-fleet.js';

/**
 * Seconds from the decision to put a fleet back until its last host reported that it is: a rotation whose last host
 * cannot reload, because its new workers find a port taken. All others are switched by then. By the journal.
 */
export async function revertSeconds(windlass: WindlassFleet, fleet: TestFleet): Promise<number> {
  const undo = await fleet.hosts.at(-1)?.occupyPort();
  try {
    const journal = await windlass.rotate('reverted');
    return (lastReport(journal, 'host.revert') - decidedAt(journal)) / 1_000;
  } finally {
    await undo?.();
  }
}

/** In milliseconds since the epoch. */
function decidedAt(journal: readonly JournalEntry[]): number {
  const last = journal.findLast(
    ({ event }) => event.type === 'decision.made' && event.decision.kind === 'revert',
  );
  if (!last) throw new Error('the journal has no decision to revert');
  return Date.parse(last.at);
}

function lastReport(journal: readonly JournalEntry[], effect: string): number {
  const last = journal.findLast(
    ({ event }) => event.type === 'effect.succeeded' && event.effectId.includes(`/${effect}/`),
  );
  if (!last) throw new Error(`no host reported ${effect}`);
  return Date.parse(last.at);
}
