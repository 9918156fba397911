import { type QueueDepth, type Wakeup, Wakeups } from '#engine';
import type { Network } from './network.js';
import { problem } from './problem.js';
import type { Random } from './random.js';
import type { SimProcess } from './sim-process.js';
import type { VirtualTime } from './virtual-time.js';

type Handler = (wakeup: Wakeup) => Promise<void>;

interface Consumer {
  readonly process: SimProcess;
  readonly handler: Handler;
}

/** The queue server: jobs are handed to some live consumer, sometimes twice, sometimes never. */
export class SimQueue {
  private readonly consumers: Consumer[] = [];
  /** One job of so many is lost, or handed out twice. */
  lost = 0;
  doubled = 0;
  private flushes = 0;
  /** What a handler threw: a real worker logs it, and the sweeper looks again. */
  onFailure: (error: unknown) => void = () => undefined;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: Random,
  ) {}

  add(wakeup: Wakeup, delay: number): void {
    if (this.random.chance(this.lost)) return;
    const copies = this.random.chance(this.doubled) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) this.hand(wakeup, delay);
  }

  /** FLUSHALL: what waits is gone (F07). */
  flush(): void {
    this.flushes += 1;
  }

  consume(consumer: Consumer): void {
    this.consumers.push(consumer);
  }

  private hand(wakeup: Wakeup, delay: number): void {
    const { flushes } = this;
    this.time.after(delay + this.random.between(1, 20), () => {
      if (flushes !== this.flushes) return;
      const alive = this.consumers.filter(({ process }) => process.alive);
      if (alive.length === 0) return;
      const { process, handler } = this.random.pick(alive);
      process.deliver(() => void handler(wakeup).catch((error: unknown) => this.onFailure(error)));
    });
  }
}

/** One process's client of the queue. */
export class SimWakeups extends Wakeups {
  constructor(
    private readonly process: SimProcess,
    private readonly network: Network,
    private readonly queue: SimQueue,
  ) {
    super();
  }

  override wakeRotation(rotationId: string, delayMilliseconds = 0): Promise<void> {
    return this.add({ kind: 'rotation', id: rotationId }, delayMilliseconds);
  }

  override wakeBatch(rotationId: string, batch: number, delayMilliseconds = 0): Promise<void> {
    return this.add({ kind: 'batch', id: rotationId, batch }, delayMilliseconds);
  }

  override async consume(handler: Handler): Promise<void> {
    this.queue.consume({ process: this.process, handler });
  }

  override async answers(): Promise<void> {}
  override async depth(): Promise<QueueDepth> {
    return { waiting: 0, active: 0, delayed: 0 };
  }
  override async setSchedule(): Promise<void> {}
  override async removeSchedule(): Promise<void> {}
  override async close(): Promise<void> {}

  private add(wakeup: Wakeup, delay: number): Promise<void> {
    return this.network.ask(this.process, {
      label: `queue wake ${wakeup.kind}`,
      to: 'queue',
      timeoutMs: 5_000,
      onTimeout: () => problem('queue.unreachable', 'the simulated queue does not answer', true),
      answer: () => this.queue.add(wakeup, delay),
    });
  }
}
