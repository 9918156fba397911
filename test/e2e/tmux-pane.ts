import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { environmentOf, WINDLASS } from './command-line.js';
import type { RunningApi } from './running-api.js';

const PATIENCE = { timeout: 60_000, interval: 100 };
let opened = 0;

/** One program in a real terminal of 110 columns and 40 lines: a tmux server of its own, which nobody else sees. */
export class TmuxPane {
  private constructor(
    private readonly socket: string,
    private readonly folder: string,
  ) {}

  private get codeFile(): string {
    return path.join(this.folder, 'code');
  }

  static open(command: readonly string[], env: Readonly<Record<string, string>>): TmuxPane {
    const folder = mkdtempSync(path.join(tmpdir(), 'windlass-tmux-'));
    opened += 1;
    const pane = new TmuxPane(`windlass-test-${process.pid}-${opened}`, folder);
    const config = path.join(folder, 'tmux.conf');
    writeFileSync(config, 'set -g remain-on-exit on\nset -g default-terminal screen-256color\n');
    const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const size = ['-x', '110', '-y', '40'];
    // tmux may miss the exit code of a program that has just ended: the shell writes it down.
    const written = ['sh', '-c', '"$@"; echo $? > "$0"', pane.codeFile, ...command];
    execFileSync(
      'tmux',
      ['-u', '-L', pane.socket, '-f', config, 'new-session', '-d', ...size, ...variables, ...written],
      // What the server has, every pane has.
      { env: { PATH: process.env.PATH ?? '', TMUX_TMPDIR: folder, LANG: 'C.UTF-8', SHELL: '/bin/sh' } },
    );
    return pane;
  }

  /** What can be read, also what has scrolled out; with `colours` also the escapes by which it is coloured. */
  text({ colours = false } = {}): string {
    return this.tmux('capture-pane', '-p', '-J', '-S', '-', ...(colours ? ['-e'] : []));
  }

  /** Waits until the screen shows it. */
  async shows(what: RegExp): Promise<void> {
    await expect.poll(() => this.text(), PATIENCE).toMatch(what);
  }

  /** Types a line. */
  type(line: string): void {
    this.tmux('send-keys', '-l', line);
    this.tmux('send-keys', 'Enter');
  }

  /** Waits for the end of the program; its exit code. */
  async ended(): Promise<number> {
    const code = () => (existsSync(this.codeFile) ? readFileSync(this.codeFile, 'utf8').trim() : '');
    await expect.poll(code, PATIENCE).toMatch(/^\d+$/);
    return Number(code());
  }

  close(): void {
    this.tmux('kill-server');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private tmux(...args: string[]): string {
    const env = { PATH: process.env.PATH ?? '', TMUX_TMPDIR: this.folder, LANG: 'C.UTF-8' };
    return execFileSync('tmux', ['-u', '-L', this.socket, ...args], { env, encoding: 'utf8' });
  }
}

/** The command line against this API in a terminal of its own, which is closed whatever `look` meets. */
export async function inTerminal(
  api: RunningApi,
  args: readonly string[],
  look: (pane: TmuxPane) => Promise<void>,
): Promise<void> {
  const pane = TmuxPane.open([process.execPath, WINDLASS, ...args], environmentOf(api));
  try {
    await look(pane);
  } finally {
    pane.close();
  }
}
