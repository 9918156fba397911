import { setTimeout as wait } from 'node:timers/promises';
import { Clock } from '#engine';

/** Longest delay that setTimeout takes; a longer one fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** This machine's clocks. */
export class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }

  override monotonic(): number {
    return performance.now();
  }

  override async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    for (let left = milliseconds; left > 0 && signal?.aborted !== true; left -= LONGEST_TIMER_MS) {
      await wait(Math.min(left, LONGEST_TIMER_MS), undefined, signal === undefined ? {} : { signal }).catch(
        (error: unknown) => {
          if (signal?.aborted !== true) throw error;
        },
      );
    }
  }
}
