import { setTimeout as sleep } from 'node:timers/promises';
import type { JournalEntry } from '#engine';
import type { Installation } from '#installation';
import { explain, statusOf } from '#rotation';

/** How often the rotation is looked at, and how long in all, in milliseconds. */
export interface Patience {
  readonly lookEveryMs: number;
  readonly longestMs: number;
}

/** The journal of a rotation once it has ended as it should. Rejects when it ends otherwise, waits for a person, or takes too long. */
export async function journalAtEnd(
  { commands, parts }: Pick<Installation, 'commands' | 'parts'>,
  rotationId: string,
  expected: 'succeeded' | 'reverted',
  { lookEveryMs, longestMs }: Patience,
): Promise<readonly JournalEntry[]> {
  for (const deadline = Date.now() + longestMs; ; await sleep(lookEveryMs)) {
    const state = await commands.read(rotationId);
    if (statusOf(state) === expected) return parts.journal.read(rotationId);
    if (state.ended || state.paused || Date.now() > deadline) throw new Error(explain(state));
  }
}
