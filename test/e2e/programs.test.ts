import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnsecuredJWT } from 'jose';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, startTestPostgres } from '#kit';
import { aFleetBody, aHostBody } from './bodies.js';
import { Program, READY_MS } from './program.js';

const SECRET = 'planted-secret';

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(true));
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy());
  });
}

let folder: string;
let started: Program[];

const start = (name: string, env: Record<string, string> = {}): Program => {
  const program = new Program(name, { WINDLASS_DATA_DIR: folder, WINDLASS_GENERATE_MASTER_KEY: '1', ...env });
  started.push(program);
  return program;
};

beforeEach(() => {
  started = [];
  folder = mkdtempSync(path.join(tmpdir(), 'windlass-programs-'));
  // PostgreSQL's own user must pass through.
  chmodSync(folder, 0o711);
});

afterEach(async () => {
  await Promise.all(started.map((program) => program.end('SIGKILL')));
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
});

describe.each(['api', 'worker'])('%s at its start', (name) => {
  it.each([
    {
      what: 'the database is down',
      env: { DATABASE_URL: `postgres://windlass:${SECRET}@127.0.0.1:1/orders` },
      says: ['orders at 127.0.0.1:1', 'ECONNREFUSED', 'DATABASE_URL'],
    },
    {
      what: 'Redis is down',
      env: { REDIS_URL: `redis://:${SECRET}@127.0.0.1:1` },
      says: ['Redis', '127.0.0.1:1', 'REDIS_URL'],
    },
    { what: 'a variable makes no sense', env: { PORT: 'many' }, says: ['PORT', '0 to 65535'] },
    {
      what: 'the data folder cannot be written',
      env: { WINDLASS_DATA_DIR: '/etc/hostname/data' },
      says: ['/etc/hostname/data/master.key', 'ENOTDIR', 'WINDLASS_DATA_DIR'],
    },
    {
      what: 'there is no master key',
      env: { WINDLASS_GENERATE_MASTER_KEY: '' },
      says: ['There is no master key', '/master.key', 'windlass key generate', 'WINDLASS_MASTER_KEY'],
    },
    { what: 'the master key is none', env: { WINDLASS_MASTER_KEY: SECRET }, says: ['WINDLASS_MASTER_KEY'] },
  ])('says so in one clear error when $what', async ({ env, says }) => {
    const program = start(name, env);
    expect(await program.exitCode()).toBe(1);
    for (const text of [...says, 'Next: ']) expect(program.output).toContain(text);
    expect(program.output).not.toContain(SECRET);
    expect(program.output).not.toMatch(/^\s+at /m);
  });
});

describe('api', () => {
  const call = (at: string, key: string, body?: unknown) =>
    fetch(`http://127.0.0.1:${at}/v1/fleets`, {
      method: body ? 'POST' : 'GET',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });

  it('shows its generated admin key once, and keeps its data when it is killed', async () => {
    const PORT = String(await freePort());
    const first = start('api', { PORT });
    await first.says(/the API is ready/);
    const key = /shown this once: (\S+)/.exec(first.output)?.[1] ?? '';
    for (const none of ['', 'wl_other', key.slice(0, -1)]) expect((await call(PORT, none)).status).toBe(401);
    expect((await call(PORT, key, await aFleetBody({ name: 'kept' }))).status).toBe(201);
    await first.end('SIGKILL');
    const second = start('api', { PORT });
    await second.says(/the API is ready/);
    expect(second.output).not.toContain('shown this once');
    expect(await (await call(PORT, key)).text()).toContain('"kept"');
    expect(await second.end('SIGTERM')).toBe(0);
    expect(second.output).not.toContain(key);
  });

  it('answers nobody before its key is kept: whoever is told that it is ready gets in with it', async () => {
    const postgres = await startTestPostgres();
    const key = `wl_${randomBytes(24).toString('base64url')}`;
    const PORT = String(await freePort());
    const env = { PORT, DATABASE_URL: postgres.url };
    const first = start('api', env);
    await first.says(/the API is ready/);
    await first.end('SIGTERM');
    const other = new pg.Client(postgres.url);
    await other.connect();
    await other.query('BEGIN; LOCK TABLE api_keys IN ACCESS EXCLUSIVE MODE');
    const second = start('api', { ...env, WINDLASS_ADMIN_KEY: key });
    await expect.poll(() => listens(Number(PORT)), { timeout: READY_MS }).toBe(true);
    const asked = fetch(`http://127.0.0.1:${PORT}/readyz`);
    await expect(Promise.race([asked, sleep(500, 'no answer yet')])).resolves.toBe('no answer yet');
    await other.end();
    expect((await asked).status).toBe(200);
    expect((await call(PORT, key)).status).toBe(200);
    await second.end('SIGKILL');
    await postgres.close();
  });

  it('knows the issuer of tokens and the limits of its environment', async () => {
    const [PORT, issuer] = [String(await freePort()), 'http://127.0.0.1:1/nobody'];
    const key = `wl_${randomBytes(24).toString('base64url')}`;
    const oidc = {
      ...{ WINDLASS_OIDC_ISSUER: issuer, WINDLASS_OIDC_AUDIENCE: 'windlass' },
      WINDLASS_OIDC_ROLES: '{"sre":"operator"}',
    };
    const limits = { WINDLASS_RATE_LIMIT: '77', WINDLASS_REFUSAL_LIMIT: '7' };
    const program = start('api', { PORT, WINDLASS_ADMIN_KEY: key, ...oidc, ...limits });
    await program.says(/the API is ready/);
    const known = await call(PORT, key);
    expect(known.headers.get('ratelimit-policy')).toContain('"caller"; q=77; w=60');
    const token = await call(PORT, new UnsecuredJWT({ iss: issuer }).encode());
    expect(token.status).toBe(503);
    expect(token.headers.get('ratelimit-policy')).toContain('"address"; q=7; w=60');
    expect(await token.json()).toMatchObject({ code: 'oidc.unreachable' });
  });

  it('drains: says so, serves on, then ends its streams and itself', async () => {
    const key = `wl_${randomBytes(24).toString('base64url')}`;
    const PORT = String(await freePort());
    const env = { PORT, WINDLASS_ADMIN_KEY: key, WINDLASS_DRAIN_SECONDS: '2' };
    const program = start('api', env);
    await program.says(/the API is ready/);
    const send = async (path: string, body: object) => {
      const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
      const url = `http://127.0.0.1:${PORT}/v1/${path}`;
      const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await reply.json()) as { id: string };
    };
    const { id: fleetId } = await send('fleets', await aFleetBody());
    await send(`fleets/${fleetId}/hosts`, aHostBody());
    const { id } = await send('rotations', { fleetId });
    const stream = await fetch(`http://127.0.0.1:${PORT}/v1/rotations/${id}/events`, {
      headers: { Authorization: `Bearer ${key}` },
    });
    const events = stream.text();
    const over = program.end('SIGTERM');
    const ready = async () => (await fetch(`http://127.0.0.1:${PORT}/readyz`)).status;
    await expect.poll(ready, { timeout: READY_MS, interval: 20 }).toBe(503);
    expect((await call(PORT, key)).status).toBe(200);
    expect(await events).toContain('rotation.requested');
    expect(await over).toBe(0);
  });

  it('names the port that is taken', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port: PORT } = taken.address() as net.AddressInfo;
    const program = start('api', {
      PORT: String(PORT),
      WINDLASS_ADMIN_KEY: `wl_${randomBytes(24).toString('base64url')}`,
    });
    expect(await program.exitCode()).toBe(1);
    expect(program.output).toContain(`Port ${PORT} of 127.0.0.1 is in use already.`);
    taken.close();
  });
});

describe('worker', () => {
  it('serves what it counts where it is told a port, and says so when it cannot', async () => {
    const postgres = await startTestPostgres();
    const port = String(await freePort());
    const env = { DATABASE_URL: postgres.url, WINDLASS_METRICS_PORT: port };
    const first = start('worker', env);
    await first.says(/the worker is ready/);
    const reply = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(await reply.text()).toContain('windlass_probes_total{answer="none"} 0');
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    const second = start('worker', env);
    expect(await second.exitCode()).toBe(1);
    for (const text of [`127.0.0.1:${port}`, 'EADDRINUSE', 'WINDLASS_METRICS_PORT', 'Next: ']) {
      expect(second.output).toContain(text);
    }
    expect(await first.end('SIGTERM')).toBe(0);
    await postgres.close();
  });
});
