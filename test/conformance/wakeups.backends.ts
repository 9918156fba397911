import { Redis } from 'ioredis';
import pg from 'pg';
import type { QueuePlace } from '#queue';
import { startTestPostgres } from '../kit/postgres.js';
import { startRedis } from '../kit/redis.js';

/** A queue server of its own, and what the suite needs to look behind the port. */
export interface QueueServer {
  readonly place: QueuePlace;
  /** A place where nothing listens, of the same kind. */
  readonly nowhere: QueuePlace;
  /** The payload of every job and every schedule, as the server holds it. */
  payloads(): Promise<readonly unknown[]>;
  /** Jobs that wait for their time. */
  delayedJobs(): Promise<number>;
  /** Breaks every connection; Redis is killed and comes back empty. */
  interrupt(): Promise<void>;
  stop(): Promise<void>;
}

export interface QueueServerKind {
  readonly name: string;
  start(): Promise<QueueServer>;
}

export const QUEUE_SERVERS: readonly QueueServerKind[] = [
  { name: 'PostgreSQL', start: startPostgresQueue },
  { name: 'Redis', start: startRedisQueue },
];

async function startPostgresQueue(): Promise<QueueServer> {
  const postgres = await startTestPostgres();
  const rows = async <Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    place: { postgresUrl: postgres.url },
    nowhere: { postgresUrl: 'postgresql://windlass:secret@127.0.0.1:1/windlass' },
    payloads: async () =>
      (
        await rows<{ payload: unknown }>(
          `SELECT data AS payload FROM bullmq.job UNION ALL SELECT template_data FROM bullmq.scheduler`,
        )
      ).map(({ payload }) => payload),
    delayedJobs: async () => (await rows(`SELECT 1 FROM bullmq.job WHERE state = 'delayed'`)).length,
    interrupt: async () => {
      await rows(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
    },
    stop: () => postgres.close(),
  };
}

async function startRedisQueue(): Promise<QueueServer> {
  const redis = await startRedis();
  const client = new Redis(redis.url, { maxRetriesPerRequest: null });
  client.on('error', () => {});
  return {
    place: { redisUrl: redis.url },
    nowhere: { redisUrl: 'redis://:secret@127.0.0.1:1' },
    payloads: async () => {
      const keys = await client.keys('bull:*');
      const types = await Promise.all(keys.map((key) => client.type(key)));
      const hashes = keys.filter((_key, index) => types[index] === 'hash');
      const texts = await Promise.all(hashes.map((key) => client.hget(key, 'data')));
      return texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as unknown]));
    },
    delayedJobs: () => client.zcard('bull:windlass:delayed'),
    interrupt: async () => {
      await redis.kill();
      await redis.start();
    },
    stop: async () => {
      client.disconnect();
      await redis.stop();
    },
  };
}
