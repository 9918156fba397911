import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export const READY_MS = 30_000;

/** One of our programs, compiled, as a user starts it. */
export class Program {
  output = '';
  private readonly child: ChildProcess;
  private readonly over: Promise<unknown>;

  constructor(name: string, env: Record<string, string>) {
    this.child = spawn(process.execPath, [`dist/apps/${name}/src/main.js`], {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    this.over = once(this.child, 'close');
  }

  async exitCode(): Promise<number | null> {
    await this.over;
    return this.child.exitCode;
  }

  async says(pattern: RegExp): Promise<void> {
    for (const deadline = Date.now() + READY_MS; !pattern.test(this.output); await sleep(20)) {
      if (Date.now() > deadline) throw new Error(`it does not say ${pattern}:\n${this.output}`);
    }
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.exitCode();
  }
}
