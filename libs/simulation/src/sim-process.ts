import { Clock } from '#engine';
import type { VirtualTime } from './virtual-time.js';

/**
 * One worker process. What it waits for reaches it only while it lives; while it is stopped (SIGSTOP) it is kept
 * back. A process that crashed never learns of anything again: what it sent is on its way all the same.
 */
export class SimProcess {
  private dead = false;
  private frozenUntil = 0;

  constructor(
    readonly name: string,
    private readonly time: VirtualTime,
    /** How far the wall clock of its machine is off, in milliseconds. */
    readonly clockError: number,
  ) {}

  get alive(): boolean {
    return !this.dead;
  }

  crash(): void {
    this.dead = true;
  }

  freeze(milliseconds: number): void {
    this.frozenUntil = Math.max(this.frozenUntil, this.time.now() + milliseconds);
  }

  /** Hands something over as soon as the process can take it. */
  deliver(take: () => void): void {
    if (this.dead) return;
    const left = this.frozenUntil - this.time.now();
    if (left > 0) this.time.after(left, () => this.deliver(take));
    else take();
  }
}

/** The clocks of the machine that a process runs on. */
export class SimClock extends Clock {
  constructor(
    private readonly process: SimProcess,
    private readonly time: VirtualTime,
  ) {
    super();
  }

  override now(): number {
    return this.time.now() + this.process.clockError;
  }

  override monotonic(): number {
    return this.time.now();
  }

  override sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal?.removeEventListener('abort', wake);
        cancel();
        this.process.deliver(resolve);
      };
      const cancel = this.time.after(signal?.aborted ? 0 : milliseconds, wake);
      signal?.addEventListener('abort', wake);
    });
  }
}
