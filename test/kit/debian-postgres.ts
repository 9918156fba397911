import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

const run = promisify(execFile);

/** Debian's PostgreSQL on loopback, whose own tools dump and restore it: those of the embedded one come without. */
export interface DebianPostgres {
  /** Of a database that is there from the beginning. */
  readonly url: string;
  /** `pg_dump --format=custom` of a database, while others write to it. Returns the file. */
  dump(url: string): Promise<string>;
  /** `pg_restore` of such a file into a database of this name, made for it. Returns its URL. */
  restore(file: string, database: string): Promise<string>;
  close(): Promise<void>;
}

export async function startDebianPostgres(): Promise<DebianPostgres> {
  const folder = mkdtempSync(path.join(tmpdir(), 'windlass-debian-postgres-'));
  const [uid, gid] = ['-u', '-g'].map((what) =>
    Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' })),
  );
  chmodSync(folder, 0o711);
  const data = path.join(folder, 'data');
  chownSync(folder, uid ?? 0, gid ?? 0);
  const bin = execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim();
  const as = { uid, gid, cwd: folder } as const;
  const tool = (name: string, args: readonly string[]) => run(path.join(bin, name), [...args], as);
  await tool('initdb', [
    '-D',
    data,
    '-U',
    'windlass',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]);
  const port = await freePort();
  const settings = ['-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'];
  const server = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', path.join(bin, 'postgres'), '-D', data, ...settings],
    {
      ...as,
      stdio: 'ignore',
    },
  );
  await answers(() => tool('pg_isready', ['-h', '127.0.0.1', '-p', String(port)]));
  const urlOf = (database: string) => `postgresql://windlass@127.0.0.1:${port}/${database}`;
  let dumps = 0;
  return {
    url: urlOf('postgres'),
    async dump(url) {
      dumps += 1;
      const file = path.join(folder, `dump-${dumps}`);
      await tool('pg_dump', ['--format=custom', '--file', file, url]);
      return file;
    },
    async restore(file, database) {
      await tool('createdb', ['--maintenance-db', urlOf('postgres'), database]);
      await tool('pg_restore', [
        '--exit-on-error',
        '--single-transaction',
        '--dbname',
        urlOf(database),
        file,
      ]);
      return urlOf(database);
    },
    async close() {
      const over = once(server, 'exit');
      server.kill('SIGQUIT');
      await over;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(ask: () => Promise<unknown>): Promise<void> {
  for (const deadline = Date.now() + 20_000; ; await sleep(50)) {
    const there = await ask().then(
      () => true,
      () => false,
    );
    if (there) return;
    if (Date.now() > deadline) throw new Error("Debian's PostgreSQL did not come up");
  }
}
