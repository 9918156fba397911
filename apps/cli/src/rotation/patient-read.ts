import { ApiProblem } from '#api-client';
import type { Screen } from '../command-line/desk.js';
import { describeFailure } from '../server/server.js';

/** How long an API may give no answer: a rotation goes on without it, and API servers are restarted. */
const PATIENCE_MS = 300_000;
const AGAIN_AFTER_MS = 2_000;

/**
 * Reads, again and again while the API gives no answer or asks for patience; `tell` is called with what is wrong, once.
 * Throws what the last try did when that was so for five minutes, and what is no matter of patience at once.
 */
export async function patientRead<Value>(
  screen: Pick<Screen, 'now' | 'sleep'>,
  read: () => Promise<Value>,
  tell: (what: string) => void,
): Promise<Value> {
  const until = screen.now() + PATIENCE_MS;
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await read();
    } catch (error) {
      if (!passes(error) || screen.now() >= until) throw error;
      if (isFirst) tell(`${describeFailure(error)} Trying again; the rotation goes on meanwhile.`);
      await screen.sleep(AGAIN_AFTER_MS);
    }
  }
}

function passes(error: unknown): boolean {
  if (error instanceof ApiProblem) return error.status >= 500 || error.retryAfterMs !== null;
  // Of a proxy in between, which has no API behind it for a while.
  return error instanceof Error && /^fetch failed$|was answered with 5\d\d by/.test(error.message);
}
