import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, connect } from '#api-client';
import { PortError } from '#engine';
import { projectPath } from '#platform';
import { freePort } from './free-port.js';

const READY_MS = 60_000;
const LAST_LINES = 12;

/** API and worker as anybody would run them: two processes, one data folder. */
export interface Service {
  readonly api: ApiClient;
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly adminKey: string;
  readonly folder: string;
  stop(): Promise<void>;
}

export async function startService(folder: string): Promise<Service> {
  const adminKey = `wl_${randomBytes(24).toString('base64url')}`;
  const port = await freePort(8080);
  const env = {
    PATH: process.env.PATH,
    WINDLASS_DATA_DIR: folder,
    WINDLASS_ADMIN_KEY: adminKey,
    WINDLASS_GENERATE_MASTER_KEY: '1',
    HOST: '127.0.0.1',
    PORT: String(port),
    ...(process.env.DATABASE_URL ? { DATABASE_URL: process.env.DATABASE_URL } : {}),
    ...(process.env.REDIS_URL ? { REDIS_URL: process.env.REDIS_URL } : {}),
  };
  const children = ['api', 'worker'].map((name) => start(name, folder, env));
  const stop = async () => {
    await Promise.all(children.map(({ child }) => end(child)));
    await removeFolder(folder);
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await ready(url, children, folder);
  } catch (error) {
    await stop();
    throw error;
  }
  return { api: connect({ url, key: adminKey }), url, adminKey, folder, stop };
}

interface Running {
  readonly name: string;
  readonly child: ChildProcess;
}

function start(name: string, folder: string, env: NodeJS.ProcessEnv): Running {
  const log = openSync(logFile(folder, name), 'a', 0o600);
  const program = projectPath(`dist/apps/${name}/src/main.js`);
  // pdeathsig: a demo that is killed leaves no service behind.
  const args = ['--pdeathsig', 'TERM', process.execPath, program];
  return { name, child: spawn('setpriv', args, { stdio: ['ignore', log, log], env, detached: true }) };
}

function logFile(folder: string, name: string): string {
  return join(folder, `${name}.log`);
}

async function ready(url: string, children: readonly Running[], folder: string): Promise<void> {
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await sleep(50)) {
    const dead = children.find(({ child }) => child.exitCode !== null);
    if (dead) throw notStarted(dead.name, folder);
    const reply = await fetch(`${url}/readyz`).catch(() => null);
    if (reply?.ok) return;
  }
  throw notStarted('api', folder);
}

function notStarted(name: string, folder: string): PortError {
  const words = readFileSync(logFile(folder, name), 'utf8').trim().split('\n').slice(-LAST_LINES);
  return new PortError({
    code: 'demo.not-started',
    message: `The ${name} did not start.`,
    nextStep: 'Its last words are above.',
    detail: words.join('\n'),
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([gone, sleep(15_000).then(() => child.kill('SIGKILL'))]);
  await gone;
}

/** The embedded PostgreSQL stops some seconds after its last user; its files may go then. */
async function removeFolder(folder: string): Promise<void> {
  const running = join(folder, 'postgres', 'cluster', 'data', 'postmaster.pid');
  for (let tries = 0; tries < 100 && existsSync(running); tries += 1) await sleep(100);
  await rm(folder, { recursive: true, force: true });
}
