import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, realpath } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PortError } from '#engine';
import { projectPath } from './project-path.js';

const START_MS = 45_000;
const KNOCK_MS = 2_000;
const PAUSE_MS = 15;
/** Exit status of a guardian that found another at work. */
const OTHER_GUARDIAN = 3;

/** pino's two methods that are used here. */
export interface EmbeddedPostgresLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface EmbeddedPostgresOptions {
  /** Folder of the cluster, its password, port and logs; made when missing, kept between runs. */
  readonly dataDir: string;
  readonly log: EmbeddedPostgresLog;
  /** How long the server stays after its last user left; 3000 by default. */
  readonly lingerMilliseconds?: number;
  /** Settings of PostgreSQL over ours, such as `{ fsync: 'off' }` in tests. They count when this call starts it. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** With the password in it: give it to the driver, print it nowhere. Stays right when the server restarts. */
  readonly url: string;
  /** Ends this use. The server stops some seconds after its last user, in whatever process, has gone. */
  close(): Promise<void>;
}

/**
 * PostgreSQL without anybody installing it. All processes that name the same folder share one server, which a
 * detached guardian (postgres-guardian/guardian.mjs) owns; each process holds a connection to the guardian as
 * long as it needs the server. Works as root, which PostgreSQL itself refuses to be, and as anybody else.
 * Throws PortError `database.start-failed`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  // 0711: PostgreSQL's own user must pass through when we are root. Files inside state their modes.
  await mkdir(options.dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const dataDir = await realpath(options.dataDir);
  const use = new Use(dataDir, options);
  const port = await use.begin();
  const password = await readFile(join(dataDir, 'cluster', 'password'), 'utf8');
  return { url: `postgresql://windlass:${password}@127.0.0.1:${port}/windlass`, close: () => use.end() };
}

/** One process's use of the server, renewed with the next guardian when one dies. */
class Use {
  #socket: Socket | null = null;
  #ended = false;

  constructor(
    private readonly dataDir: string,
    private readonly options: EmbeddedPostgresOptions,
  ) {}

  /** Returns the port of the server. */
  async begin(): Promise<number> {
    const deadline = Date.now() + START_MS;
    let guardian: StartedGuardian | null = null;
    for (;;) {
      const door = await knock(this.dataDir);
      if (door !== null) {
        guardian?.letGo();
        this.hold(door.socket);
        return door.port;
      }
      const failure = guardian?.failure() ?? null;
      if (failure !== null) throw startFailed(this.dataDir, failure);
      if (Date.now() > deadline) throw startFailed(this.dataDir, `no server within ${START_MS / 1000} s`);
      if (guardian === null || guardian.gone()) guardian = startGuardian(this.dataDir, this.options);
      await sleep(PAUSE_MS);
    }
  }

  async end(): Promise<void> {
    this.#ended = true;
    this.#socket?.destroy();
  }

  private hold(socket: Socket): void {
    this.#socket = socket;
    // Whoever forgets to close must still be able to exit.
    socket.unref();
    socket.once('close', () => {
      if (!this.#ended) void this.renew();
    });
  }

  private async renew(): Promise<void> {
    this.options.log.warn(
      { dataDir: this.dataDir },
      'the guardian of the embedded PostgreSQL is gone; starting the next',
    );
    while (!this.#ended) {
      try {
        await this.begin();
        if (this.#ended) this.#socket?.destroy();
        return;
      } catch (error) {
        const detail = error instanceof PortError ? error.problem.detail : String(error);
        this.options.log.warn({ dataDir: this.dataDir, detail }, 'the embedded PostgreSQL does not start');
        await sleep(1000, undefined, { ref: false });
      }
    }
  }
}

interface StartedGuardian {
  /** Its last words when it failed, null while it runs or when another guardian is at work. */
  failure(): string | null;
  gone(): boolean;
  /** From now on this process may end without it. */
  letGo(): void;
}

function startGuardian(dataDir: string, options: EmbeddedPostgresOptions): StartedGuardian {
  const lingerMs = options.lingerMilliseconds ?? 3000;
  const settings = JSON.stringify({ lingerMs, settings: options.settings ?? {} });
  const script = projectPath('libs/platform/postgres-guardian/guardian.mjs');
  const child = spawn(process.execPath, [script, dataDir, settings], {
    detached: true,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    // Nothing of our environment: it may hold the master key, and loaders of a test runner.
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = `${words}${text}`.slice(-2000);
  });
  let status: number | null = null;
  child.once('error', (error) => {
    words = error.message;
    status = 1;
  });
  child.once('close', (code) => {
    // No code: it was killed, which the next one puts right.
    status = code ?? 0;
  });
  return {
    failure: () => (status === null || status === 0 || status === OTHER_GUARDIAN ? null : words.trim()),
    gone: () => status !== null,
    letGo: () => {
      child.stderr.destroy();
      child.unref();
    },
  };
}

/** An accepted connection to the guardian with the server's port, or null when no guardian lets us in. */
async function knock(dataDir: string): Promise<{ socket: Socket; port: number } | null> {
  const text = await readFile(join(dataDir, 'guardian.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const record = JSON.parse(text) as { socket: string; port: number };
  const socket = connect(record.socket);
  socket.on('error', () => {});
  // The guardian speaks first: one that is just leaving accepts and says nothing.
  const word = once(socket, 'data', { signal: AbortSignal.timeout(KNOCK_MS) });
  const closed = once(socket, 'close').then(() => null);
  const greeted = await Promise.race([word, closed]).catch(() => null);
  if (greeted !== null) return { socket, port: record.port };
  socket.destroy();
  return null;
}

function startFailed(dataDir: string, detail: string): PortError {
  return new PortError({
    code: 'database.start-failed',
    message: `The embedded PostgreSQL in ${dataDir} did not start.`,
    nextStep: `Read ${join(dataDir, 'postgres.log')}, or set DATABASE_URL to a PostgreSQL of your own.`,
    detail,
  });
}
