/** The clocks of this machine, and waiting. */
export abstract class Clock {
  /** Wall clock: milliseconds since the Unix epoch. It may jump. */
  abstract now(): number;
  /** Milliseconds since some moment; never jumps, never goes back. */
  abstract monotonic(): number;
  /** Returns early, without an error, when `signal` is aborted. */
  abstract sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
