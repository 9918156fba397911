import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import type { WorkerOrders } from './worker-orders.js';

/** Compiled, because Node alone cannot run the source; `npm run faults` and `npm test` compile first. */
const PROGRAM = 'dist/test/faults/fleet/worker-program.js';
const PATIENCE = { timeout: 60_000, interval: 20 };

/** One worker as a process of its own: what SIGKILL and SIGSTOP do to it is what they do to any worker. */
export class WorkerProcess {
  /** What it printed: `ready`, then the answers of hosts behind its moment. */
  readonly lines: string[] = [];
  complaint = '';
  private readonly child: ChildProcess;

  constructor(orders: WorkerOrders) {
    if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: run npx tsc -p . first`);
    // pdeathsig: it dies with the test, however that ends.
    this.child = spawn('setpriv', ['--pdeathsig', 'KILL', process.execPath, PROGRAM], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, WINDLASS_TEST_ORDERS: JSON.stringify(orders) },
    });
    if (this.child.stdout) {
      createInterface({ input: this.child.stdout }).on('line', (line) => this.lines.push(line));
    }
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.complaint += chunk.toString();
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  async ready(): Promise<this> {
    await expect.poll(() => this.lines.includes('ready') || this.ended(), PATIENCE).toBe(true);
    return this;
  }

  /** Waits until its moment has killed it; fails when it ended in another way. */
  async killed(): Promise<void> {
    await expect.poll(() => this.ended(), PATIENCE).toBe(true);
    expect([this.child.signalCode, this.complaint]).toEqual(['SIGKILL', '']);
  }

  /** Waits until its moment has made it stand still. */
  async stopped(): Promise<void> {
    await expect.poll(() => this.state(), PATIENCE).toBe('T');
  }

  wake(): void {
    this.child.kill('SIGCONT');
  }

  async end(): Promise<void> {
    if (this.ended()) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  private ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private state(): string {
    const { pid } = this.child;
    if (pid === undefined || this.ended()) return 'gone';
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .slice(0, 1);
  }
}
