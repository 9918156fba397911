import { type QueueDepth, type Recurrence, type Wakeup, Wakeups } from '#engine';
import { published, taken } from './job-trace.js';
import { openEngine, type QueueEngine, type QueuePlace, type Worker } from './queue-engine.js';
import { isOfTheServer, toQueueProblem } from './queue-problem.js';
import { keepTicking } from './schedules.js';

/** Delayed wake-ups of one rotation, or of one batch, are one where they fall into one slot of this length. */
const SLOT_MS = 100;

type ErrorListener = (error: Error) => void;

/**
 * Wake-ups over BullMQ, on PostgreSQL by default or on Redis where users outgrow it. Where the server is away
 * every method but {@link close} throws PortError `queue.unreachable` (transient).
 */
export class BullWakeups extends Wakeups {
  private worker: Worker | null = null;

  private constructor(
    private readonly engine: QueueEngine,
    private readonly place: QueuePlace,
    private readonly onError: ErrorListener,
  ) {
    super();
    engine.queue.on('error', onError);
  }

  /** Connects and, on PostgreSQL, brings BullMQ's own schema up to date. */
  static async open(place: QueuePlace, onError: ErrorListener = () => undefined): Promise<BullWakeups> {
    const engine = await openEngine(place).catch((error: unknown) => {
      throw toQueueProblem(error, place);
    });
    const wakeups = new BullWakeups(engine, place, onError);
    try {
      await engine.queue.waitUntilReady();
    } catch (error) {
      await engine.queue.disconnect();
      throw toQueueProblem(error, place);
    }
    return wakeups;
  }

  override wakeRotation(rotationId: string, delayMilliseconds = 0): Promise<void> {
    return this.wake({ kind: 'rotation', id: rotationId }, rotationId, delayMilliseconds);
  }

  override wakeBatch(rotationId: string, batch: number, delayMilliseconds = 0): Promise<void> {
    return this.wake({ kind: 'batch', id: rotationId, batch }, `${rotationId}-${batch}`, delayMilliseconds);
  }

  override async answers(): Promise<void> {
    await this.ask(() => this.engine.queue.getJobCountByTypes('waiting'));
  }

  override async depth(): Promise<QueueDepth> {
    const counts = await this.ask(() => this.engine.queue.getJobCounts('waiting', 'active', 'delayed'));
    return { waiting: counts.waiting ?? 0, active: counts.active ?? 0, delayed: counts.delayed ?? 0 };
  }

  override async setSchedule(scheduleId: string, recurrence: Recurrence): Promise<void> {
    const { alone, queue } = this.engine;
    await this.ask(() => alone(scheduleId, () => keepTicking(queue, scheduleId, recurrence)));
  }

  override async removeSchedule(scheduleId: string): Promise<void> {
    const { alone, queue } = this.engine;
    await this.ask(() => alone(scheduleId, () => queue.removeJobScheduler(scheduleId)));
  }

  override async consume(handler: (wakeup: Wakeup) => Promise<void>, concurrency: number): Promise<void> {
    const worker = this.engine.worker(taken(handler), concurrency);
    this.worker = worker;
    worker.on('error', this.onError);
    worker.on('failed', (_job, error) => this.onError(error));
    await this.ask(() => worker.waitUntilReady());
  }

  override async close(): Promise<void> {
    await this.worker?.close();
    await this.engine.queue.close();
  }

  /**
   * A delayed wake-up for one moment is asked for by every sweep: its id, `name` and the slot of that moment,
   * keeps it single. It comes at the end of its slot, so that a handler never asks for the slot that it was
   * woken for, whose id is still taken then.
   */
  private async wake(wakeup: Wakeup, name: string, delayMilliseconds: number): Promise<void> {
    const now = Date.now();
    const due = Math.ceil((now + delayMilliseconds) / SLOT_MS) * SLOT_MS;
    const delayed = { timestamp: now, delay: due - now, jobId: `${wakeup.kind}-${name}-${due}` };
    const options = { removeOnComplete: true, removeOnFail: true, ...(delayMilliseconds > 0 ? delayed : {}) };
    await published(wakeup, (job) => this.ask(() => this.engine.queue.add(wakeup.kind, job, options)));
  }

  /** `work` may be done twice: a wake-up may be doubled, and a schedule is set to what it is. */
  private async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work().catch((error: unknown) => this.again(error, work));
    } catch (error) {
      throw toQueueProblem(error, this.place);
    }
  }

  /** A pool of PostgreSQL hands out connections that the server has just closed; the next one is made anew. */
  private again<T>(error: unknown, work: () => Promise<T>): Promise<T> {
    if ('redisUrl' in this.place || !isOfTheServer(error)) throw error;
    return work();
  }
}
