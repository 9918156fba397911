import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Ran } from './policy-tools.js';
import { repositoryRoot } from './repository-root.js';

/** Somebody with a page open and a bash in a folder of their own, who types what the page says. */
export class TypedShell {
  /** What stands for other things in what is typed: words in capitals, addresses, places. */
  readonly stands: Record<string, string> = {};
  readonly env: Record<string, string> = {};
  /** Typed before all else, such as functions that another page defines. */
  before: readonly string[] = [];

  private constructor(readonly folder: string) {
    this.program('windlass', `exec '${process.execPath}' '${MAIN}' "$@"`);
  }

  /** With the built `windlass` on its PATH. Nothing of the environment of the test is in it. */
  static open(): TypedShell {
    return new TypedShell(mkdtempSync(join(tmpdir(), 'windlass-typed-')));
  }

  /** A file in the folder, which is the home of whoever types, too. Returns its path. */
  file(name: string, content: string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  /** A program on the PATH, before those of the machine: lines for sh. */
  program(name: string, script: string): void {
    const path = this.file(join('bin', name), '');
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    // The mode of a file that is there already stays as it is.
    chmodSync(path, 0o755);
  }

  /** Types commands into one shell, which ends at the first that fails. Rejects unless it ends with `code`. */
  async type(commands: readonly string[] | string, code = 0): Promise<Ran> {
    const script = this.scriptOf([commands].flat());
    const child = this.bash(script);
    const [stdout, stderr, [ended]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    if (ended !== code) throw new Error(`ended with ${ended}:\n${script}\n${stdout}\n${stderr}`);
    return { code: ended, stdout, stderr };
  }

  /** Types a program that goes on, waits until it says something, and ends it. Rejects when it ends before. */
  async typeUntil(command: string, says: RegExp): Promise<void> {
    const script = this.scriptOf([command]);
    const child = this.bash(script);
    const closed = once(child, 'close');
    let said = '';
    const met = new Promise<void>((resolve) => {
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (more) => {
          said += more;
          if (says.test(said)) resolve();
        });
    });
    const ended = closed.then(([code]) => {
      throw new Error(`ended with ${code}:\n${script}\n${said}`);
    });
    try {
      await Promise.race([met, ended]);
    } finally {
      // From here on an end is expected: nobody waits for this promise any more.
      ended.catch(() => {});
      if (child.exitCode === null) process.kill(-(child.pid ?? 0), 'SIGTERM');
      await closed;
    }
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private scriptOf(commands: readonly string[]): string {
    const typed = [...this.before, ...commands].map((command) => this.filled(command));
    return ['set -eo pipefail', ...typed].join('\n');
  }

  /** In a process group of its own, so that all that was started ends with it. */
  private bash(script: string): ChildProcessWithoutNullStreams {
    const child = spawn('bash', ['-c', script], {
      cwd: this.folder,
      detached: true,
      env: { PATH: `${this.folder}/bin:${process.env.PATH}`, HOME: this.folder, ...this.env },
    });
    child.stdin.end();
    return child;
  }

  private filled(command: string): string {
    return Object.entries(this.stands).reduce(
      (filled, [word, value]) =>
        /^[A-Z_]+$/.test(word)
          ? filled.replaceAll(new RegExp(`(?<![$\\w])${word}\\b`, 'g'), () => value)
          : filled.replaceAll(word, () => value),
      command,
    );
  }
}

const MAIN = join(repositoryRoot(), 'dist/apps/cli/src/main.js');
