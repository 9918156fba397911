import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { BARE_ENVIRONMENT, identity, isAlive, isPostmaster, pause, waitForEnd } from './process.mjs';

const READY_MS = 30_000;
const LOG_LIMIT_BYTES = 16 * 1024 * 1024;

/** Small and local: one machine's control plane, no replication, no socket in the file system. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/**
 * A session with the server of this cluster, started when none runs, adopted when one does: a server outlives
 * a guardian that was killed, and its clients need not notice.
 * @returns {Promise<{ pid: number, port: number, session: pg.Client }>}
 */
export async function openServer(cluster, dataDir, settings, log) {
  for (const deadline = Date.now() + READY_MS; ; ) {
    const running =
      (await readPostmaster(cluster.data)) ?? (await startServer(cluster, dataDir, settings, log));
    const session = await connectWhile(cluster, running, deadline);
    if (session !== null) return { pid: running.pid, port: running.port, session };
    if (Date.now() > deadline) {
      await stopServer(running.pid, log);
      throw new Error(
        `PostgreSQL gave no answer within ${READY_MS / 1000} s; see ${join(dataDir, 'postgres.log')}`,
      );
    }
  }
}

/** The running server by postmaster.pid, or null. A file left by a dead or foreign process is removed. */
async function readPostmaster(data) {
  const file = join(data, 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  if (await isPostmaster(pid, data)) {
    const port = Number.parseInt(lines[3] ?? '', 10);
    return { pid, port: Number.isNaN(port) ? 0 : port };
  }
  // A dead pid is left to PostgreSQL, which then also checks for surviving backends by shared memory.
  if (isAlive(pid)) await rm(file, { force: true });
  return null;
}

async function startServer({ data, binaries, owner }, dataDir, settings, log) {
  const port = await choosePort(join(dataDir, 'port'));
  const options = Object.entries({ ...SETTINGS, ...settings, port: String(port) });
  const args = ['-D', data, ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const output = await openLog(join(dataDir, 'postgres.log'));
  const environment = { env: BARE_ENVIRONMENT, cwd: '/', stdio: ['ignore', output.fd, output.fd] };
  const child = spawn(join(binaries, 'bin', 'postgres'), args, { ...identity(owner), ...environment });
  child.once('exit', (code, signal) => log('PostgreSQL ended', { pid: child.pid, code, signal }));
  await once(child, 'spawn');
  await output.close();
  log('PostgreSQL started', { pid: child.pid, port });
  return { pid: child.pid, port };
}

/** The port of the last run where it is free, so that addresses people noted stay right. */
async function choosePort(file) {
  const last = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  const port = (Number.isNaN(last) ? null : await bindable(last)) ?? (await bindable(0));
  if (port === null) throw new Error('no TCP port can be bound on 127.0.0.1');
  if (port !== last) await writeFile(file, String(port));
  return port;
}

function bindable(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(port, '127.0.0.1', () => {
      const taken = probe.address().port;
      probe.close(() => resolve(taken));
    });
  });
}

async function openLog(path) {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  return open(path, size > LOG_LIMIT_BYTES ? 'w' : 'a', 0o600);
}

/** Null when the server went away while we knocked: it was shutting down, or could not start. */
async function connectWhile(cluster, { pid, port }, deadline) {
  while (isAlive(pid) && Date.now() < deadline) {
    const session = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'windlass',
      password: cluster.password,
      database: 'postgres',
      application_name: 'windlass guardian',
      connectionTimeoutMillis: 2000,
    });
    session.on('error', () => {});
    try {
      await session.connect();
      return session;
    } catch (error) {
      if (error.code === '28P01')
        throw new Error('the password kept beside the cluster is not the one PostgreSQL has');
      await pause(15);
    }
  }
  return null;
}

/** Fast shutdown, then harder. */
export async function stopServer(pid, log) {
  for (const [signal, patience] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 2_000],
  ]) {
    if (!isAlive(pid)) return;
    log('stopping PostgreSQL', { pid, signal });
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    if (await waitForEnd(pid, patience)) return;
  }
}
