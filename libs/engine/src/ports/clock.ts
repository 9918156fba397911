/** The wall clock, and waiting. */
export abstract class Clock {
  /** Milliseconds since the Unix epoch. */
  abstract now(): number;
  abstract sleep(milliseconds: number): Promise<void>;
}
