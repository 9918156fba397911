import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopped } from './announced-process.js';

const START_TIMEOUT_MS = 10_000;

/** A real ssh-agent with a socket of its own, empty at first. */
export class SshAgent {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(): Promise<SshAgent> {
    const folder = mkdtempSync(path.join(tmpdir(), 'windlass-agent-'));
    // pdeathsig: a killed test run leaves no agent behind.
    const agent = ['ssh-agent', '-D', '-a', path.join(folder, 'agent')];
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...agent], { stdio: 'ignore' });
    const started = new SshAgent(folder, child);
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!existsSync(started.socket)) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error('ssh-agent did not start');
      await sleep(10);
    }
    return started;
  }

  /** What SSH_AUTH_SOCK names. */
  get socket(): string {
    return path.join(this.folder, 'agent');
  }

  /** `privateKey` in the form of OpenSSH. */
  add(privateKey: string): void {
    const file = path.join(this.folder, 'key');
    writeFileSync(file, privateKey, { mode: 0o600 });
    this.sshAdd('-q', file);
    rmSync(file);
  }

  /** So many keys that no server knows. */
  addStrangers(count: number): void {
    const file = path.join(this.folder, 'stranger');
    for (let made = 0; made < count; made += 1) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
      this.sshAdd('-q', file);
      rmSync(file);
    }
  }

  forgetAll(): void {
    this.sshAdd('-q', '-D');
  }

  async stop(): Promise<void> {
    await stopped(this.child);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private sshAdd(...args: readonly string[]): void {
    const env = { ...process.env, SSH_AUTH_SOCK: this.socket };
    execFileSync('ssh-add', args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  }
}
