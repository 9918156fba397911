const SECOND_MS = 1_000;
const FIRST_MS = 5 * SECOND_MS;
const FACTOR = 3;
const LONGEST_MS = 4 * 3_600 * SECOND_MS;

/** Tries of one delivery: with the pauses between them a little over a day. */
export const MOST_ATTEMPTS = 14;

/**
 * Milliseconds from one try to the next: 5 s, three times as long after each failure, 4 h at most, and each up to a
 * fifth shorter or longer, so that what failed together does not come back together. `random` is from 0 to 1.
 */
export function pauseAfter(attempt: number, random: number): number {
  const pause = Math.min(LONGEST_MS, FIRST_MS * FACTOR ** (attempt - 1));
  return Math.round(pause * (0.8 + 0.4 * random));
}
