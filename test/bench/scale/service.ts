import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { projectPath } from '#platform';

const READY_MS = 60_000;
const KILOBYTE = 1024;
const TICKS_PER_SECOND = 100;

/** One of our programs as a process of its own, as an operator starts it. */
export class Service {
  private output = '';

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {}

  /** Returns once it says that it is ready. */
  static async start(name: 'api' | 'worker', env: Readonly<Record<string, string>>): Promise<Service> {
    const child = spawn(process.execPath, [projectPath(`dist/apps/${name}/src/main.js`)], {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // A bench that fails on its way leaves nobody behind.
    process.once('exit', () => child.kill());
    const service = new Service(name, child);
    await service.ready();
    return service;
  }

  /** Bytes that are resident now, and the most that ever were. */
  memory(): { readonly now: number; readonly peak: number } {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    const of = (key: string) => KILOBYTE * Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
    return { now: of('VmRSS'), peak: of('VmHWM') };
  }

  /** Seconds of CPU so far. */
  cpu(): number {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** Warnings and errors that it logged. */
  complaints(): readonly string[] {
    return this.output.split('\n').filter((line) => /"level":"?(warn|error|40|50|60)/.test(line));
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }

  private async ready(): Promise<void> {
    const { stdout } = this.child;
    if (stdout === null) throw new Error(`${this.name} has no output`);
    stdout.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
    });
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${this.name} is not ready: ${this.output}`)), READY_MS);
      this.child.once('exit', () => reject(new Error(`${this.name} ended: ${this.output}`)));
      const look = () => {
        if (!/is ready/.test(this.output)) return;
        clearTimeout(late);
        // A run logs megabytes, and reading all of them at each line would slow what is measured here.
        stdout.off('data', look);
        resolve();
      };
      stdout.on('data', look);
    });
  }
}
