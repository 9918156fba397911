import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Terminal } from './terminal.js';

const LONGEST_MS = 60_000;

/** Somebody with a page open and a terminal of their own, who types what the page says. */
export class TypedShell {
  /** What stands for other things in what is typed: words in capitals, addresses, places. */
  readonly stands: Record<string, string> = {};
  readonly env: Record<string, string> = {};
  /** Typed before all else, such as functions that another page defines. */
  before: readonly string[] = [];

  private constructor(
    private readonly root: string,
    private readonly terminal: Terminal,
  ) {
    terminal.program('windlass', 'apps/cli/src/main.js');
  }

  /** With the built `windlass` on its PATH. Nothing of the environment of the test is in it. */
  static open(): TypedShell {
    const root = mkdtempSync(join(tmpdir(), 'windlass-typed-'));
    return new TypedShell(root, Terminal.open(root, {}));
  }

  /** Where it begins: the home of whoever types. */
  get folder(): string {
    return this.terminal.home;
  }

  /** A file in the folder. Returns its path. */
  file(name: string, content: string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  /** A program on the PATH, before those of the machine: lines for sh. */
  program(name: string, script: string): void {
    this.terminal.command(name, script);
  }

  /** One of ours, as it is compiled. */
  compiled(name: string, file: string): void {
    this.terminal.program(name, file);
  }

  /** What commands print that are typed into one shell, which ends at the first that fails, unless all end with `code`. */
  type(commands: readonly string[] | string, code = 0): Promise<string> {
    const script = this.scriptOf([commands].flat());
    return this.terminal.type(code === 0 ? script : `(${script}\n) || [ $? = ${code} ]`);
  }

  /** Types a program that goes on, waits until it says something, and ends it. Rejects when it ends before. */
  async typeUntil(command: string, says: RegExp): Promise<void> {
    const { output, ended } = this.terminal.leave(this.scriptOf([command]));
    let over = false;
    void ended.then(() => {
      over = true;
    });
    try {
      for (const deadline = Date.now() + LONGEST_MS; !says.test(output()); await sleep(50)) {
        if (over || Date.now() > deadline) throw new Error(`it does not say ${says}:\n${output()}`);
      }
    } finally {
      await this.terminal.close();
    }
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private scriptOf(commands: readonly string[]): string {
    const settings = Object.entries(this.env).map(([name, value]) => `export ${name}='${value}'`);
    return [...settings, ...[...this.before, ...commands].map((command) => this.filled(command))].join('\n');
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
