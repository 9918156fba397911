import { randomBytes } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform';

export interface TestPostgres {
  readonly url: string;
  readonly database: string;
  close(): Promise<void>;
}

const PREFIX = 'test_';

/** What a machine crash loses is only tests. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' };

let server: Promise<EmbeddedPostgres> | null = null;

/**
 * A fresh, empty database of its own on one embedded server, which all test processes of this user share; it
 * stops by itself some seconds after the last of them. Some 60 ms once the server runs.
 */
export async function startTestPostgres(): Promise<TestPostgres> {
  const url = new URL((await sharedServer()).url);
  const name = `${PREFIX}${process.pid}_${randomBytes(4).toString('hex')}`;
  await administer(url, async (admin) => {
    await dropLeftovers(admin);
    await admin.query(`CREATE DATABASE ${name}`);
  });
  url.pathname = `/${name}`;
  return {
    url: url.href,
    database: name,
    close: () => administer(url, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

function sharedServer(): Promise<EmbeddedPostgres> {
  server ??= startEmbeddedPostgres({
    dataDir: join(tmpdir(), `windlass-test-postgres-${userInfo().uid}`),
    log: { info: () => {}, warn: (fields, message) => console.warn(message, fields) },
    settings: FAST,
    lingerMilliseconds: 15_000,
  });
  return server;
}

async function administer(url: URL, work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const target = new URL(url);
  target.pathname = '/postgres';
  const admin = new pg.Client({ connectionString: target.href });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

/** Databases of test processes that were killed: the name holds the pid. */
async function dropLeftovers(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database WHERE datname LIKE '${PREFIX.replace('_', '\\_')}%'`,
  );
  for (const { name } of rows) {
    if (!isAlive(Number(name.slice(PREFIX.length).split('_')[0]))) {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
