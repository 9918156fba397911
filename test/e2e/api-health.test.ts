import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '#kit';
import { Readiness } from '../../apps/api/src/health/readiness.js';
import { type RunningApi, runApi } from './running-api.js';

let redis: TestRedis;
let onRedis: RunningApi;
let onPostgres: RunningApi;

beforeAll(async () => {
  redis = await startRedis();
  onRedis = await runApi({ redisUrl: redis.url });
  onPostgres = await runApi();
});

afterAll(async () => {
  await onRedis?.stop();
  await onPostgres?.stop();
  await redis?.stop();
});

const ask = (api: RunningApi, path: string) => api.call('GET', path, { key: null });

/** What /readyz says while nobody can connect to the database of the API. */
async function withoutDatabase(api: RunningApi) {
  const url = new URL(api.databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const admin = new pg.Client(url.href);
  await admin.connect();
  await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  const replies = [await ask(api, '/readyz'), await ask(api, '/livez')];
  await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  await admin.end();
  return replies;
}

it('/readyz says what was asked, of a process that can serve', async () => {
  for (const api of [onRedis, onPostgres]) {
    const reply = await ask(api, '/readyz');
    expect(reply.status, reply.text).toBe(200);
    expect(reply.body).toEqual({ status: 'ready', dependencies: ['database', 'queue'] });
  }
});

it('/readyz names the database that is away, and /livez does not mind', async () => {
  const [ready, live] = await withoutDatabase(onRedis);
  expect(ready?.body).toMatchObject({ status: 503, code: 'database.unreachable' });
  expect(ready?.headers['retry-after']).toBe('5');
  expect(live?.status).toBe(200);
});

it('/readyz names both where the queue lives in the database', async () => {
  const [ready] = await withoutDatabase(onPostgres);
  expect(ready?.body).toMatchObject({ status: 503, code: 'service.not-ready' });
  expect(ready?.body.detail).toMatch(/database cannot be used: .*queue cannot be used: /);
  await expect.poll(async () => (await ask(onPostgres, '/readyz')).status, { timeout: 20_000 }).toBe(200);
});

it('/readyz names the queue that is away, and is ready again when it is back', async () => {
  await redis.kill();
  const reply = await ask(onRedis, '/readyz');
  expect(reply.body).toMatchObject({ status: 503, code: 'queue.unreachable' });
  expect(reply.text).not.toContain(new URL(redis.url).port);
  await redis.start();
  await expect.poll(async () => (await ask(onRedis, '/readyz')).status, { timeout: 20_000 }).toBe(200);
});

it('/readyz says of a process that is about to stop that it is, while it serves', async () => {
  onPostgres.app.get(Readiness).drain();
  expect((await ask(onPostgres, '/readyz')).body).toMatchObject({ status: 503, code: 'service.draining' });
  expect((await ask(onPostgres, '/livez')).status).toBe(200);
  expect((await onPostgres.call('GET', '/v1/fleets')).status).toBe(200);
});
