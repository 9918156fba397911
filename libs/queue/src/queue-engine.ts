import { createPostgresBackend, Queue as RedisQueue, Worker as RedisWorker, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Job } from './job-trace.js';

export type QueuePlace = { readonly postgresUrl: string } | { readonly redisUrl: string };

export type Queue = RedisQueue<Job, void, string>;
export type Worker = RedisWorker<Job, void, string>;

/** BullMQ over one of its servers. */
export interface QueueEngine {
  readonly queue: Queue;
  readonly worker: (handler: (job: Job) => Promise<void>, concurrency: number) => Worker;
  /** Runs `work` while no other replica runs some for the same schedule. */
  readonly alone: <T>(scheduleId: string, work: () => Promise<T>) => Promise<T>;
}

const QUEUE = 'windlass';
const SCHEMA = 'bullmq';
/** Connections that the queue may hold on PostgreSQL. */
const POOL_SIZE = 8;
const CONNECT_MS = 5_000;
/** Reconnections, a second apart, after which a call gives up: whoever wakes must not hang with the server. */
const REDIS_RETRIES = 5;

/** On Redis a queue tries to connect for ever, and cannot be closed until it has: ask first whether somebody is there. */
export async function openEngine(place: QueuePlace): Promise<QueueEngine> {
  if ('redisUrl' in place) await knock(place.redisUrl);
  return 'redisUrl' in place ? onRedis(place.redisUrl) : onPostgres(place.postgresUrl);
}

async function knock(url: string): Promise<void> {
  const visitor = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    retryStrategy: () => null,
  });
  visitor.on('error', () => {});
  try {
    await visitor.connect();
  } finally {
    visitor.disconnect();
  }
}

function onRedis(url: string): QueueEngine {
  return {
    queue: new RedisQueue(QUEUE, { connection: { url, maxRetriesPerRequest: REDIS_RETRIES } }),
    worker: (handler, concurrency) =>
      new RedisWorker(QUEUE, (job) => handler(job.data), {
        connection: { url, maxRetriesPerRequest: null },
        concurrency,
      }),
    // On Redis each change of a schedule is one script, which nothing interrupts.
    alone: (_scheduleId, work) => work(),
  };
}

function onPostgres(connectionString: string): QueueEngine {
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const connection = {
    ...{ connectionString, schema: SCHEMA, migrate: true, max: POOL_SIZE },
    connectionTimeoutMillis: CONNECT_MS,
  };
  return {
    queue: new Queue(QUEUE, { connection }) as unknown as Queue,
    worker: (handler, concurrency) =>
      new Worker(QUEUE, (job) => handler(job.data as Job), {
        connection,
        concurrency,
      }) as unknown as Worker,
    alone: (scheduleId, work) => underLock(connectionString, scheduleId, work),
  };
}

/** BullMQ's functions read a schedule without locking it: two at once can leave it without a next tick. */
async function underLock<T>(
  connectionString: string,
  scheduleId: string,
  work: () => Promise<T>,
): Promise<T> {
  const session = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_MS });
  session.on('error', () => {});
  try {
    await session.connect();
    await session.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [`windlass ${scheduleId}`]);
    return await work();
  } finally {
    await session.end();
  }
}
