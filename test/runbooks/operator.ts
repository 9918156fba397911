import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { repositoryRoot, runbookCommands, type TestHost } from '#kit';
import type { ServedFleet } from '../e2e/served-fleet.js';

const RUNBOOK = 'docs/operations/blocked.md';
const MAIN = join(repositoryRoot(), 'dist/apps/cli/src/main.js');
const VAULT = join(repositoryRoot(), 'test/runbooks/vault-command.mjs');
/** What is on the path of whoever types. */
const PROGRAMS = Object.entries({ windlass: MAIN, vault: VAULT })
  .map(([name, file]) => `${name}() { '${process.execPath}' '${file}' "$@"; }`)
  .join('; ');

/** The commands of a section of the page, block by block. */
export const commandsOf = (heading: string) => runbookCommands(RUNBOOK, heading);

export interface OperatorOptions {
  /** What the words in capitals stand for. */
  readonly words: Readonly<Record<string, string>>;
  /** Where what says `# on the host` is typed. */
  readonly host?: TestHost | null;
  /** The API key; that of an admin when left out. */
  readonly key?: string;
  /** What a machine of tests has in another way, by the line as it stands on the page. */
  readonly instead?: Readonly<Record<string, () => unknown>>;
}

/** Somebody with the runbook in front of them: every command is read from it, and typed as it stands there. */
export class Operator {
  constructor(
    private readonly served: ServedFleet,
    private readonly options: OperatorOptions,
  ) {}

  async follow(lines: readonly string[] = []): Promise<void> {
    const { words, host, instead = {} } = this.options;
    for (const line of lines) {
      const typed = line.replaceAll(/\b[A-Z][A-Z_]+\b/g, (word) => words[word] ?? word);
      const other = instead[line];
      if (other) await other();
      else if (line.includes('# on the host')) host?.exec(typed);
      else if (line === 'vault operator unseal') await this.served.vault.unseal();
      else await this.type(typed);
    }
  }

  /** On a machine that has the command line, and the environment of whoever works with it. */
  private async type(typed: string): Promise<void> {
    const { api, vault } = this.served;
    const program = spawn('sh', ['-c', `${PROGRAMS}; ${typed}`], {
      env: {
        ...{ PATH: process.env.PATH ?? '', WINDLASS_SERVER: api.url },
        WINDLASS_API_KEY: this.options.key ?? api.adminKey,
        ...{ VAULT_ADDR: vault.address, VAULT_TOKEN: vault.token.reveal() },
      },
    });
    let said = '';
    for (const stream of [program.stdout, program.stderr]) {
      stream.on('data', (text) => {
        said += text;
      });
    }
    const code = await new Promise((resolve) => program.once('close', resolve));
    // 3: it waits for a person still. Windlass may have tried again by itself a moment before.
    if (code !== 0 && code !== 3) expect(said, typed).toMatch(/retry: rotation\.(nothing-to-retry|ended)/);
  }
}
