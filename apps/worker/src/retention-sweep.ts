import { logTrouble } from '#engine';
import type { Installation } from '#installation';

/** Milliseconds between two looks: what is due by days does not come by the minute. */
const EVERY_MS = 3_600_000;

/** Removes what ended rotations and repeated requests need no more, now and every hour. Returns the end of it, which waits for a look under way. */
export function startRetention(
  { parts, records, log }: Pick<Installation, 'parts' | 'records' | 'log'>,
  days: number,
): () => Promise<void> {
  const stopped = new AbortController();
  const sweep = async () => {
    while (!stopped.signal.aborted) {
      try {
        // Where nobody sends any more, nobody else removes what was sent before.
        await records.idempotentRequests.prune();
        const pruned = await records.retention.prune(days);
        if (Object.values(pruned).some((count) => count > 0))
          log.info({ days, ...pruned }, 'removed what is old');
      } catch (error) {
        logTrouble(log, { error }, 'what is old could not be removed; it is tried again in an hour');
      }
      await parts.clock.sleep(EVERY_MS, stopped.signal);
    }
  };
  const sweeping = sweep();
  return () => {
    stopped.abort();
    return sweeping;
  };
}
