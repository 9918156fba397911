import { readlinkSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { ownerOf } from '../kit/processes.js';
import { NOBODY, Place, ROOT } from './embedded-postgres.processes.js';

let place: Place;

afterEach(() => place?.remove());

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const write = (url: string) => query(url, `CREATE TABLE kept AS SELECT 'a row' AS what`);
const written = (url: string) => query(url, 'SELECT what FROM kept');
const ROW = [{ what: 'a row' }];

describe.each([ROOT, NOBODY])('the embedded PostgreSQL of $name', (account) => {
  it('runs as an ordinary user, and keeps data, address and password between runs', async () => {
    place = new Place(account);
    const first = place.begin();
    const url = await first.url;
    await write(url);
    expect(ownerOf(place.server())).not.toBe(0);
    if (account !== ROOT) expect(ownerOf(place.server())).toBe(account.uid);
    await first.leave();
    await place.isQuiet();
    const second = place.begin();
    expect(await second.url).toBe(url);
    expect(await written(url)).toEqual(ROW);
  });

  it('is one server for processes that start at once, until the last has left', async () => {
    place = new Place(account);
    const users = [place.begin(), place.begin(), place.begin()];
    const urls = await Promise.all(users.map(({ url }) => url));
    expect(new Set(urls).size).toBe(1);
    const server = place.server();
    const [last, ...others] = users;
    for (const other of others) await other.leave();
    const late = place.begin();
    await write(await late.url);
    await last?.leave();
    expect(await written(await late.url)).toEqual(ROW);
    expect(place.server()).toBe(server);
    await late.leave();
    await place.isQuiet();
  });

  it('ends by itself when its users are killed, and the next one finds the data', async () => {
    place = new Place(account);
    const users = [place.begin(), place.begin()];
    for (const { url } of users) await url;
    await write(await place.begin().url);
    await place.killUsers();
    await place.isQuiet();
    expect(await written(await place.begin().url)).toEqual(ROW);
  });

  it('recovers when users, guardian and server are all killed in mid-transaction', async () => {
    place = new Place(account);
    const url = await place.begin().url;
    await write(url);
    const open = new pg.Client({ connectionString: url });
    open.on('error', () => {});
    await open.connect();
    await open.query(`BEGIN; INSERT INTO kept VALUES ('never committed')`);
    const [guardian, server] = [place.guardian(), place.server()];
    await place.killUsers();
    process.kill(guardian, 'SIGKILL');
    process.kill(server, 'SIGKILL');
    expect(await written(await place.begin().url)).toEqual(ROW);
    expect(place.server()).not.toBe(server);
  });

  it('does not lose a connection when the guardian is killed, and still ends by itself', async () => {
    place = new Place(account);
    const user = place.begin();
    const client = new pg.Client({ connectionString: await user.url });
    await client.connect();
    const [guardian, server] = [place.guardian(), place.server()];
    process.kill(guardian, 'SIGKILL');
    await place.isGuardedAnew(guardian);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect(place.server()).toBe(server);
    await client.end();
    await user.leave();
    await place.isQuiet();
  });

  it('does not stay for ever when the guardian is killed with all of its users', async () => {
    place = new Place(account);
    await write(await place.begin().url);
    const guardian = place.guardian();
    process.kill(guardian, 'SIGSTOP');
    await place.killUsers();
    process.kill(guardian, 'SIGKILL');
    await place.isQuiet();
    expect(await written(await place.begin().url)).toEqual(ROW);
  });

  it('comes back at the same address when the server is killed', async () => {
    place = new Place(account);
    const url = await place.begin().url;
    await write(url);
    const server = place.server();
    process.kill(server, 'SIGKILL');
    await expect.poll(() => written(url).catch(() => null), { timeout: 30_000 }).toEqual(ROW);
    expect(place.server()).not.toBe(server);
  });
});

describe('the embedded PostgreSQL', () => {
  it('of root works below a folder that only root may enter', async () => {
    place = new Place(ROOT, 'closed');
    const url = await place.begin().url;
    await write(url);
    const outside = readlinkSync(join(place.dataDir, 'cluster'));
    expect(ownerOf(place.server())).not.toBe(0);
    await place.killUsers();
    await place.isQuiet();
    const again = place.begin();
    expect(await written(await again.url)).toEqual(ROW);
    await again.leave();
    await place.isQuiet();
    rmSync(outside, { recursive: true });
  });

  it('lets nobody else read its files', async () => {
    place = new Place(ROOT);
    await place.begin().url;
    for (const name of ['cluster/password', 'guardian.json', 'guardian.log', 'postgres.log']) {
      expect([name, statSync(join(place.dataDir, name)).mode & 0o077]).toEqual([name, 0]);
    }
    expect(statSync(join(place.dataDir, 'cluster/data')).mode & 0o077).toBe(0);
  });

  it('says in one error what it cannot write, and what to do', async () => {
    place = new Place(NOBODY);
    place.close();
    await expect(place.begin().url).rejects.toThrow(/did not start[\s\S]*DATABASE_URL/);
  });
});
