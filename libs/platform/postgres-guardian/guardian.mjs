/**
 * Owns the embedded PostgreSQL of one data folder while somebody uses it: starts or adopts the server, restarts
 * it when it dies, stops it when the last user has gone. Detached from whoever started it.
 *
 *   node guardian.mjs <data folder> <JSON: { lingerMs, settings }>
 *
 * Which guardian: the one that holds an advisory lock in the server itself. PostgreSQL admits one server to a
 * data folder, and drops the lock with the session, so no lock file of ours can go stale. Exit status 3 says
 * that another guardian has it; 1 says why on stderr.
 */
import { appendFileSync, statSync, truncateSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { flushCluster, prepareCluster, sweepUnfinished } from './cluster.mjs';
import { openDoor } from './door.mjs';
import { watchForOrphan } from './orphan-watch.mjs';
import { isAlive, pause } from './process.mjs';
import { openServer, stopServer } from './server.mjs';

const OTHER_GUARDIAN = 3;
const LOG_LIMIT_BYTES = 1024 * 1024;
/** Any number will do; other locks of ours are in another database. */
const GUARDIAN_LOCK = 2_110_881;

const [folder = '', options = '{}'] = process.argv.slice(2);
const { lingerMs = 3000, settings = {} } = JSON.parse(options);
process.stderr.on('error', () => {});
// PostgreSQL's user must be able to enter the folders made here; every file with a secret states its own mode.
process.umask(0o022);
const dataDir = await realpath(folder);

try {
  await guard();
} catch (error) {
  log('the guardian gave up', { error: error.message });
  process.stderr.write(`${error.message}\n`, () => process.exit(1));
}

async function guard() {
  const cluster = await prepareCluster(dataDir);
  watchForOrphan(dataDir, 3 * lingerMs);
  let held = await hold(cluster);
  await ensureDatabase(held.session);
  await sweepUnfinished(dataDir, isAlive);
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await door.close();
    await stopServer(held.pid, log);
    process.exit(0);
  };
  const door = await openDoor(dataDir, lingerMs, stop);
  await door.publish(held.port);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop);
  log('guarding', { postgres: held.pid, port: held.port });
  if (cluster.created) flushCluster(cluster).catch((error) => log('flush failed', { error: error.message }));
  for (;;) {
    await held.ended;
    if (stopping) return;
    log('the session with PostgreSQL was lost', { postgres: held.pid });
    // A server that dies at once each time must not be restarted in a tight loop.
    await pause(100);
    held = await hold(cluster);
    await door.publish(held.port);
  }
}

/** A running server and the lock in it. Ends this process when another guardian has the lock. */
async function hold(cluster) {
  const { pid, port, session } = await openServer(cluster, dataDir, settings, log);
  const ended = new Promise((resolve) => session.once('end', resolve));
  const { rows } = await session.query('SELECT pg_try_advisory_lock($1) AS mine', [GUARDIAN_LOCK]);
  if (!rows[0].mine) {
    log('another guardian is here', { postgres: pid });
    process.exit(OTHER_GUARDIAN);
  }
  return { pid, port, session, ended };
}

async function ensureDatabase(session) {
  const { rowCount } = await session.query(`SELECT FROM pg_database WHERE datname = 'windlass'`);
  if (rowCount === 0) await session.query('CREATE DATABASE windlass');
}

function log(message, fields = {}) {
  const file = join(dataDir, 'guardian.log');
  try {
    if (statSync(file, { throwIfNoEntry: false })?.size > LOG_LIMIT_BYTES) truncateSync(file);
    const line = { time: new Date().toISOString(), guardian: process.pid, message, ...fields };
    appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  } catch {
    // A full disk must not stop the guardian from stopping PostgreSQL.
  }
}
