import pg from 'pg';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '#migrations';
import { migrate, openDataSource, rollBack } from '#persistence';
import { startTestPostgres, type TestPostgres } from '../kit/postgres.js';

const REPLICAS = ['replica-1', 'replica-2', 'replica-3'];
const ALL = MIGRATIONS.map(({ name }) => name);
const NONE: readonly string[] = [];

let postgres: TestPostgres;
let onlooker: pg.Client;
/** Apart from the onlooker, which in a transaction would be shown the same sessions again and again. */
let closer: pg.Client;
let replicas: Map<string, DataSource>;

beforeEach(async () => {
  postgres = await startTestPostgres();
  onlooker = new pg.Client({ connectionString: postgres.url });
  closer = new pg.Client({ connectionString: postgres.url });
  await Promise.all([onlooker.connect(), closer.connect()]);
  const open = (applicationName: string) => openDataSource(postgres.url, { applicationName });
  replicas = new Map(await Promise.all(REPLICAS.map(async (name) => [name, await open(name)] as const)));
});

afterEach(async () => {
  await Promise.all([...replicas.values()].map((replica) => replica.destroy().catch(() => undefined)));
  await Promise.all([onlooker.end(), closer.end()]);
  await postgres.close();
});

const replica = (name = ''): DataSource => {
  const found = replicas.get(name);
  if (!found) throw new Error(`no replica ${name}`);
  return found;
};

/** All of them at once; the names of what each ran. */
const migrateAll = () => REPLICAS.map((name) => migrate(replica(name)));

/** Which replicas wait for what: `advisory` is the lock of the migrations, `relation` that of a table. */
async function waiting(): Promise<Record<string, string>> {
  const { rows } = await onlooker.query<{ replica: string; event: string }>(
    `SELECT application_name AS replica, wait_event AS event FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return Object.fromEntries(rows.map(({ replica, event }) => [replica, event]));
}

/** Starts all replicas while the table that TypeORM reads first is closed, so that nobody gets on. */
async function migrateBehindClosedTable() {
  await migrate(replica(REPLICAS[0]));
  await rollBack(replica(REPLICAS[0]), ALL.length);
  await closer.query('BEGIN; LOCK TABLE migrations');
  const runs = migrateAll();
  for (const run of runs) run.catch(() => undefined);
  const settled = { timeout: 20_000, interval: 20 };
  await expect
    .poll(async () => Object.values(await waiting()).sort(), settled)
    .toEqual(['advisory', 'advisory', 'relation']);
  return runs;
}

async function recorded(): Promise<string[]> {
  const { rows } = await onlooker.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
  return rows.map(({ name }) => name);
}

const longestFirst = (one: readonly string[], other: readonly string[]) => other.length - one.length;

describe('F30: three replicas migrate at once', () => {
  it('and one runs all of it, the others find nothing to do', async () => {
    const ran = await Promise.all(migrateAll());
    expect(ran.toSorted(longestFirst)).toEqual([ALL, NONE, NONE]);
    expect(await recorded()).toEqual(ALL);
  });

  it('and the others wait while one is at it', async () => {
    const runs = await migrateBehindClosedTable();
    await closer.query('COMMIT');
    expect((await Promise.all(runs)).toSorted(longestFirst)).toEqual([ALL, NONE, NONE]);
    expect(await recorded()).toEqual(ALL);
  });

  it('and the next one takes over when the one at it dies', async () => {
    const runs = await migrateBehindClosedTable();
    const [victim] = Object.entries(await waiting()).find(([, event]) => event === 'relation') ?? [];
    await onlooker.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = $1`,
      [victim],
    );
    await closer.query('COMMIT');
    const outcomes = await Promise.allSettled(runs);
    expect(outcomes[REPLICAS.indexOf(victim ?? '')]?.status).toBe('rejected');
    const ran = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(ran.toSorted(longestFirst)).toEqual([ALL, NONE]);
    expect(await recorded()).toEqual(ALL);
  });
});
