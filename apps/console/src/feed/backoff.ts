import type { StreamEnd } from './journal-stream.js';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * Milliseconds until a stream is opened again. Whoever was let go comes back at once; who was lost, later and later,
 * and not all at the same moment. `chance`: from 0 to 1.
 */
export function waitAfter(end: StreamEnd, failures: number, chance: number): number {
  if (end.kind !== 'lost') return FIRST_WAIT_MS;
  const longer = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
  return Math.max(end.afterMs ?? 0, longer * (0.5 + chance / 2));
}

/** Resolves when the time is over, or at once when it is called off. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
