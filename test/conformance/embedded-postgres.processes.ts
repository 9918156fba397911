import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { processesNaming, runs } from '../kit/processes.js';

const PROGRAM = 'dist/test/conformance/embedded-postgres.user.js';
const DEADLINE = { timeout: 40_000, interval: 25 };
/** Long enough for a guardian's patience with its last user, and for a watcher's with the next guardian. */
const QUIET_DEADLINE = { timeout: 55_000, interval: 100 };

export interface Account {
  readonly name: string;
  readonly uid: number;
}

export const ROOT: Account = { name: 'root', uid: 0 };
export const NOBODY: Account = { name: 'nobody', uid: 65_534 };

/** A data folder of one account, the processes that use it, and the processes that serve it. */
export class Place {
  private readonly folder = mkdtempSync(join(tmpdir(), 'windlass-embedded-'));
  private readonly users: DatabaseUser[] = [];
  readonly dataDir: string;

  /** `below` is a folder between that only its owner may enter. */
  constructor(
    readonly account: Account,
    below = '',
  ) {
    chmodSync(this.folder, 0o711);
    const parent = join(this.folder, below);
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    this.dataDir = join(parent, 'data');
    mkdirSync(this.dataDir, { mode: 0o700 });
    chownSync(this.dataDir, account.uid, account.uid);
  }

  /** A new process that uses the server. */
  begin(): DatabaseUser {
    const user = new DatabaseUser(this.account, this.folder, this.dataDir);
    this.users.push(user);
    return user;
  }

  guardian(): number {
    return (JSON.parse(this.read('guardian.json')) as { pid: number }).pid;
  }

  server(): number {
    return Number(this.read('cluster/data/postmaster.pid').split('\n')[0]);
  }

  /** Waits until no process of this place is left, whoever started it. */
  async isQuiet(): Promise<void> {
    await expect.poll(() => processesNaming(this.dataDir), QUIET_DEADLINE).toEqual([]);
  }

  /** Waits until another guardian than `previous` has the server. */
  async isGuardedAnew(previous: number): Promise<void> {
    await expect
      .poll(() => {
        const guardian = this.guardian();
        return guardian !== previous && runs(guardian);
      }, DEADLINE)
      .toBe(true);
  }

  async killUsers(): Promise<void> {
    await Promise.all(this.users.map((user) => user.kill()));
  }

  /** From now on the account may not write here. */
  close(): void {
    chownSync(this.dataDir, 0, 0);
    chmodSync(this.dataDir, 0o755);
  }

  read(name: string): string {
    return readFileSync(join(this.dataDir, name), 'utf8');
  }

  async remove(): Promise<void> {
    await this.killUsers();
    await this.isQuiet();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class DatabaseUser {
  readonly url: Promise<string>;
  private readonly child: ChildProcess;
  private complaint = '';

  constructor(account: Account, folder: string, dataDir: string) {
    this.child = account.uid === 0 ? asRoot(dataDir) : asOther(account, folder, dataDir);
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.complaint += text;
    });
    this.url = this.firstLine();
    this.url.catch(() => {});
  }

  /** Ends as a program does that closes what it opened. */
  async leave(): Promise<void> {
    this.child.stdin?.end();
    await this.over();
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.over();
  }

  private async over(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }

  private async firstLine(): Promise<string> {
    if (this.child.stdout === null) throw new Error('started without a stdout');
    const line = once(createInterface({ input: this.child.stdout }), 'line').then(([text]) => String(text));
    const ended = once(this.child, 'close').then(([status]) => {
      throw new Error(`exit ${status}: ${this.complaint}`);
    });
    ended.catch(() => {});
    return Promise.race([line, ended]);
  }
}

function asRoot(dataDir: string): ChildProcess {
  return spawn(process.execPath, [PROGRAM, dataDir], { stdio: 'pipe' });
}

/** Node and checkout, which may lie where only root can read, are mounted for this process where anybody can. */
const AS_OTHER = `
mount --bind "$1" "$3/node" && mount --bind . "$3/checkout" && cd "$3/checkout" || exit
exec setpriv --reuid "$2" --regid "$2" --clear-groups --inh-caps -all "$3/node" ${PROGRAM} "$4"`;

function asOther({ uid }: Account, folder: string, dataDir: string): ChildProcess {
  mkdirSync(join(folder, 'checkout'), { recursive: true });
  writeFileSync(join(folder, 'node'), '', { flag: 'a' });
  const words = [process.execPath, String(uid), folder, dataDir];
  return spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', AS_OTHER, 'sh', ...words], {
    stdio: 'pipe',
  });
}
