import { Redis } from 'ioredis';
import pg from 'pg';
import { databaseSeconds } from '../cpu.js';

/** What the servers have done so far. */
export interface ServerLoad {
  readonly databaseCpu: number;
  /** Transactions of the database. */
  readonly transactions: number;
  /** Rows that the queue has inserted, changed and removed in PostgreSQL. */
  readonly queueRows: number;
  /** 0 without Redis. */
  readonly redisCpu: number;
  readonly redisCommands: number;
}

/** PostgreSQL gives its counters to others a second late at most. */
export const COUNTERS_LATE_MS = 1_100;

export async function serverLoad(
  postgres: { readonly url: string; readonly database: string },
  redisUrl: string | null,
): Promise<ServerLoad> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ transactions: string; queue: string | null }>(
      `SELECT xact_commit + xact_rollback AS transactions,
         (SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables WHERE schemaname = 'bullmq') AS queue
       FROM pg_stat_database WHERE datname = current_database()`,
    );
    const redis = redisUrl === null ? { redisCpu: 0, redisCommands: 0 } : await redisLoad(redisUrl);
    return {
      ...{ databaseCpu: databaseSeconds(postgres.database), ...redis },
      transactions: Number(rows[0]?.transactions ?? 0),
      queueRows: Number(rows[0]?.queue ?? 0),
    };
  } finally {
    await client.end();
  }
}

export function loadBetween(from: ServerLoad, to: ServerLoad): ServerLoad {
  const keys = Object.keys(to) as (keyof ServerLoad)[];
  return Object.fromEntries(keys.map((key) => [key, to[key] - from[key]])) as unknown as ServerLoad;
}

async function redisLoad(url: string): Promise<Pick<ServerLoad, 'redisCpu' | 'redisCommands'>> {
  const redis = new Redis(url);
  try {
    const told = `${await redis.info('cpu')}\n${await redis.info('stats')}`;
    const of = (key: string) => Number(new RegExp(`^${key}:([\\d.]+)`, 'm').exec(told)?.[1] ?? 0);
    return {
      redisCpu: of('used_cpu_user') + of('used_cpu_sys'),
      redisCommands: of('total_commands_processed'),
    };
  } finally {
    redis.disconnect();
  }
}
