const DAY_MILLISECONDS = 86_400_000;

/** Whole days until `notAfter`, rounded down: 0 on the last day, negative when expired. Both in milliseconds. */
export function daysLeft(notAfter: number, now: number): number {
  return Math.floor((notAfter - now) / DAY_MILLISECONDS);
}
