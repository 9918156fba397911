import type { Clock } from '../ports/clock.js';
import type { Journal } from '../ports/journal.js';

/** Read again behind so many milliseconds, so that a clock that drifts does no harm. */
const READ_EVERY_MS = 60_000;

/**
 * The journal's clock as this process knows it: never behind the truth, and ahead of it by one round trip at
 * most, so that nothing is taken for still standing that no longer does.
 */
export class JournalClock {
  private readAt = Number.NEGATIVE_INFINITY;
  private offset = 0;

  constructor(
    private readonly journal: Pick<Journal, 'now'>,
    private readonly clock: Clock,
  ) {}

  /** Milliseconds since the Unix epoch. */
  async now(): Promise<number> {
    if (this.clock.monotonic() - this.readAt > READ_EVERY_MS) await this.read();
    return this.offset + this.clock.monotonic();
  }

  /** The same without asking anybody; {@link now} must have been called before. */
  estimate(): number {
    return this.offset + this.clock.monotonic();
  }

  private async read(): Promise<void> {
    const before = this.clock.monotonic();
    this.offset = (await this.journal.now()) - before;
    this.readAt = before;
  }
}
