import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './repository-root.js';

type Environment = Readonly<Record<string, string>>;

/** What is said in a terminal that was left alone. */
export interface LeftAlone {
  /** So far. */
  output(): string;
  ended: Promise<number | null>;
}

/**
 * A shell in which a page is typed: variables, functions and folder last from one block to the next. Beside the PATH of
 * the machine it has what is put there by `command`.
 */
export class Terminal {
  private readonly left: ChildProcess[] = [];

  private constructor(
    private readonly folder: string,
    private readonly env: Environment,
  ) {}

  /** With a home of its own in `folder`, which must be there. */
  static open(folder: string, env: Environment): Terminal {
    for (const part of ['bin', 'home']) mkdirSync(path.join(folder, part));
    const [bin, home] = [path.join(folder, 'bin'), path.join(folder, 'home')];
    writeFileSync(path.join(folder, 'state'), `cd '${home}'\n`);
    return new Terminal(folder, { ...env, HOME: home, PATH: `${bin}:${process.env.PATH}:/usr/sbin:/sbin` });
  }

  get home(): string {
    return path.join(this.folder, 'home');
  }

  /** Puts a command on its PATH that runs `script` of POSIX sh. */
  command(name: string, script: string): void {
    const file = path.join(this.folder, 'bin', name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** Puts a compiled program of this repository on its PATH. */
  program(name: string, compiled: string): void {
    this.command(name, `exec '${process.execPath}' '${path.join(repositoryRoot(), 'dist', compiled)}' "$@"`);
  }

  /** What it prints on standard output. Throws with all that it said where any command of it fails. */
  async type(block: string): Promise<string> {
    const state = `{ export -p; declare -f; echo "cd '$PWD'"; } > '${this.folder}/state'`;
    const shell = this.shell(`set -eo pipefail\n${block}\n${state}`);
    let [out, wrong] = ['', ''];
    shell.stdout?.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
    shell.stderr?.setEncoding('utf8').on('data', (text) => {
      wrong += text;
    });
    const [code] = await once(shell, 'close');
    if (code !== 0) throw new Error(`it ended with ${code}:\n${block}\n\n${out}${wrong}`);
    return out;
  }

  /** Types a line into another terminal with the same variables, and leaves that alone. */
  leave(line: string): LeftAlone {
    const shell = this.shell(line);
    this.left.push(shell);
    let output = '';
    for (const stream of [shell.stdout, shell.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    return { output: () => output, ended: once(shell, 'close').then(([code]) => code) };
  }

  /** Ends, with SIGTERM, what still runs in terminals that were left alone. */
  async close(): Promise<void> {
    const running = this.left.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    await Promise.all(
      running.map((shell) => {
        const over = once(shell, 'close');
        // The whole group: the shell, and what it waits for.
        process.kill(-(shell.pid ?? 0), 'SIGTERM');
        return over;
      }),
    );
  }

  private shell(script: string): ChildProcess {
    const all = `. '${this.folder}/state'\n${script}`;
    return spawn('bash', ['-c', all], { env: this.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  }
}
