import { createPostgresBackend, Queue as RedisQueue, Worker as RedisWorker, withBackend } from 'bullmq';
import { type Recurrence, type Wakeup, Wakeups } from '#engine';

const QUEUE = 'windlass';
const SCHEMA = 'bullmq';
/** Connections that the queue may hold on PostgreSQL. */
const POOL_SIZE = 8;

export type QueuePlace = { readonly postgresUrl: string } | { readonly redisUrl: string };

type Queue = RedisQueue<Wakeup, void, string>;
type Worker = RedisWorker<Wakeup, void, string>;
type ErrorListener = (error: Error) => void;

interface Engine {
  readonly queue: Queue;
  readonly worker: (handler: (wakeup: Wakeup) => Promise<void>, concurrency: number) => Worker;
}

/** Wake-ups over BullMQ, on PostgreSQL by default or on Redis where users outgrow it. */
export class BullWakeups extends Wakeups {
  private worker: Worker | null = null;

  private constructor(
    private readonly engine: Engine,
    private readonly onError: ErrorListener,
  ) {
    super();
    engine.queue.on('error', onError);
  }

  /** Connects and, on PostgreSQL, brings BullMQ's own schema up to date. Rejects when the server is away. */
  static async open(place: QueuePlace, onError: ErrorListener = () => undefined): Promise<BullWakeups> {
    const engine = 'redisUrl' in place ? onRedis(place.redisUrl) : onPostgres(place.postgresUrl);
    const wakeups = new BullWakeups(engine, onError);
    await engine.queue.waitUntilReady();
    return wakeups;
  }

  /** A delayed wake-up for one moment is asked for by every sweep: its id, the moment, keeps it single. */
  override async wakeRotation(rotationId: string, delayMilliseconds = 0): Promise<void> {
    const due = Math.ceil((Date.now() + delayMilliseconds) / 1000);
    await this.engine.queue.add(
      'rotation',
      { kind: 'rotation', id: rotationId },
      {
        removeOnComplete: true,
        removeOnFail: true,
        ...(delayMilliseconds > 0 ? { delay: delayMilliseconds, jobId: `${rotationId}-${due}` } : {}),
      },
    );
  }

  override async setSchedule(scheduleId: string, recurrence: Recurrence): Promise<void> {
    const repeat =
      'cron' in recurrence
        ? { pattern: recurrence.cron, tz: recurrence.timeZone }
        : { every: recurrence.everyMilliseconds };
    await this.engine.queue.upsertJobScheduler(scheduleId, repeat, {
      name: 'schedule',
      data: { kind: 'schedule', id: scheduleId },
      opts: { removeOnComplete: true, removeOnFail: true },
    });
  }

  override async removeSchedule(scheduleId: string): Promise<void> {
    await this.engine.queue.removeJobScheduler(scheduleId);
  }

  override async consume(handler: (wakeup: Wakeup) => Promise<void>, concurrency: number): Promise<void> {
    this.worker = this.engine.worker(handler, concurrency);
    this.worker.on('error', this.onError);
    this.worker.on('failed', (_job, error) => this.onError(error));
    await this.worker.waitUntilReady();
  }

  override async close(): Promise<void> {
    await this.worker?.close();
    await this.engine.queue.close();
  }
}

function onRedis(url: string): Engine {
  const connection = { url, maxRetriesPerRequest: null };
  return {
    queue: new RedisQueue(QUEUE, { connection }),
    worker: (handler, concurrency) =>
      new RedisWorker(QUEUE, (job) => handler(job.data), { connection, concurrency }),
  };
}

function onPostgres(connectionString: string): Engine {
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const connection = { connectionString, schema: SCHEMA, migrate: true, max: POOL_SIZE };
  return {
    queue: new Queue(QUEUE, { connection }) as unknown as Queue,
    worker: (handler, concurrency) =>
      new Worker(QUEUE, (job) => handler(job.data as Wakeup), {
        connection,
        concurrency,
      }) as unknown as Worker,
  };
}
