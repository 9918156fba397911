import { setTimeout as sleep } from 'node:timers/promises';

/** A hint may be lost, so the journal is looked at this often in any case. */
const LOOK_MS = 5_000;

/** Waits for the next entry of a journal, by its hints. */
export class JournalWatch {
  private readonly over = new AbortController();
  private hinted = false;
  private wake: () => void = () => undefined;

  /**
   * @param gatherMs from a hint to the look at the journal: a rotation that works writes hundreds of entries a second, and
   * each look is for all that came meanwhile
   */
  constructor(private readonly gatherMs: number) {}

  /** Aborted once nobody waits for the journal any more. */
  get signal(): AbortSignal {
    return this.over.signal;
  }

  get isOver(): boolean {
    return this.over.signal.aborted;
  }

  /** The journal may have grown. */
  hint(): void {
    this.hinted = true;
    this.wake();
  }

  end(): void {
    this.over.abort();
    this.wake();
  }

  /** Returns when it is worth looking at the journal, after `most` milliseconds at the latest, or when it is over. */
  async next(most = LOOK_MS): Promise<void> {
    if (!this.hinted && !this.isOver) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(most, LOOK_MS));
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    await sleep(this.gatherMs, undefined, { signal: this.signal }).catch(() => undefined);
    this.hinted = false;
  }
}
