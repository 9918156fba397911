import type { Clock } from '../ports/clock.js';

/** Much longer than the reads take that come before a switch, and short beside the life of a vote. In milliseconds. */
const LONGEST_WAIT_MS = 1_000;

/** The place of one host at the line. */
export interface Place {
  /** Resolves when every other host with a place stands there as well, or after a second. */
  stand(): Promise<void>;
  /** It does not come; to be said in the end in any case. */
  leave(): void;
}

/**
 * Has the hosts of a wave that this worker lets switch begin together. What comes before, intents in the journal and reads
 * of each batch, takes its time, and hosts that are told already take the CPU that the others wait for; between the first
 * that switches and the last should be as little as can be.
 */
export class StartingLine {
  private coming = 0;
  private waiting: (() => void)[] = [];
  private timer = new AbortController();

  constructor(private readonly clock: Clock) {}

  /** For a host that is about to be let switch. */
  place(): Place {
    this.coming += 1;
    let here = false;
    const arrive = () => {
      if (!here) this.coming -= 1;
      here = true;
    };
    return {
      stand: () => {
        arrive();
        return this.wait();
      },
      leave: () => {
        arrive();
        this.start();
      },
    };
  }

  private wait(): Promise<void> {
    const started = new Promise<void>((resolve) => this.waiting.push(resolve));
    if (this.waiting.length === 1) this.startLater();
    this.start();
    return started;
  }

  private startLater(): void {
    const { signal } = this.timer;
    void this.clock.sleep(LONGEST_WAIT_MS, signal).then(() => {
      if (!signal.aborted) this.go();
    });
  }

  private start(): void {
    if (this.coming === 0) this.go();
  }

  private go(): void {
    this.timer.abort();
    this.timer = new AbortController();
    for (const begin of this.waiting.splice(0)) begin();
  }
}
