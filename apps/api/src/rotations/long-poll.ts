import type { Response } from 'express';
import type { Journal } from '#engine';
import type { RotationState } from '#rotation';
import { etagOf } from './if-match.js';
import { JournalWatch } from './journal-watch.js';

/** Nobody who waits for seconds misses them. */
const GATHER_MS = 200;

/** One caller who waits until a rotation has another revision than the caller knows (`?wait=`). */
export class LongPoll {
  private readonly watch = new JournalWatch(GATHER_MS);

  constructor(
    private readonly journal: Journal,
    private readonly rotationId: string,
    private readonly read: () => Promise<RotationState>,
  ) {}

  /**
   * The rotation once its ETag is none of those that are `known`, and as it is when it has ended, `most` milliseconds
   * are over, or the caller is gone.
   */
  async run(known: readonly string[], most: number, response: Response): Promise<RotationState> {
    response.once('close', () => this.end());
    if (response.closed) this.end();
    const forget = await this.journal.onAppend(this.rotationId, () => this.watch.hint());
    try {
      const until = performance.now() + most;
      for (;;) {
        const state = await this.read();
        const left = until - performance.now();
        const news = !known.includes(etagOf(state)) || state.ended !== null;
        if (news || left <= 0 || this.watch.isOver) return state;
        await this.watch.next(left);
      }
    } finally {
      await forget();
    }
  }

  /** Answers at once with what is. */
  end(): void {
    this.watch.end();
  }
}
