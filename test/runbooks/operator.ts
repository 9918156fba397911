import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { repositoryRoot, runbookCommands, type TestFleet, type TestHost } from '#kit';
import type { ServedFleet } from '../e2e/served-fleet.js';

const RUNBOOK = 'docs/operations/blocked.md';
const MAIN = join(repositoryRoot(), 'dist/apps/cli/src/main.js');
const VAULT = join(repositoryRoot(), 'dist/test/kit/vault-command.js');
/** What is on the path of whoever types. */
const PROGRAMS = Object.entries({ windlass: MAIN, vault: VAULT })
  .map(([name, file]) => `${name}() { '${process.execPath}' '${file}' "$@"; }`)
  .join('\n');

/** The commands of a section of the page, block by block. */
export const commandsOf = (heading: string) => runbookCommands(RUNBOOK, heading);

/** Those of the section whose heading names the code. */
export const commandsFor = (code: string) => runbookCommands(RUNBOOK, new RegExp(`^\`.*\\b${code}\``));

export interface OperatorOptions {
  /** What the words in capitals stand for. */
  readonly words: Readonly<Record<string, string>>;
  /** Where what says `# on the host` is typed. */
  readonly host?: TestHost | null;
  /** The API key; that of an admin when left out. */
  readonly key?: string;
  /** Beside what the programs need. */
  readonly env?: Readonly<Record<string, string>>;
  /** What a machine of tests has in another way, by how the line begins on the page. */
  readonly instead?: Readonly<Record<string, () => unknown>>;
}

/** Somebody with the runbook in front of them: every command is read from it, and typed as it stands there. */
export class Operator {
  constructor(
    private readonly served: ServedFleet,
    private readonly options: OperatorOptions,
  ) {}

  async follow(lines: readonly string[] = []): Promise<void> {
    const desk = mkdtempSync(join(tmpdir(), 'windlass-operator-'));
    writeFileSync(join(desk, 'key'), this.served.fleet.privateKey, { mode: 0o600 });
    writeFileSync(join(desk, 'ssh_config'), sshConfig(this.served.fleet, join(desk, 'key')));
    try {
      for (const line of lines) await this.type(line, desk);
    } finally {
      rmSync(desk, { recursive: true });
    }
  }

  private async type(line: string, desk: string): Promise<void> {
    const { words, host, instead = {} } = this.options;
    const known: Readonly<Record<string, string>> = { KEY_FILE: join(desk, 'key'), ...words };
    const typed = line.replaceAll(/\b[A-Z][A-Z_]+\b/g, (word) => known[word] ?? word);
    const [, other] = Object.entries(instead).find(([start]) => line.startsWith(start)) ?? [];
    if (other) await other();
    else if (line.includes('# on the host')) host?.exec(typed);
    else if (line === 'vault operator unseal') await this.served.vault.unseal();
    else await this.run(typed, desk);
  }

  /** On a machine that has the command line, and the environment of whoever works with it. */
  private async run(typed: string, desk: string): Promise<void> {
    const { api, vault } = this.served;
    const script = `${PROGRAMS}
      ssh() { command ssh -F '${desk}/ssh_config' "$@"; }
      ${typed}`;
    const program = spawn('sh', ['-c', script], {
      cwd: desk,
      env: {
        ...{ PATH: process.env.PATH ?? '', WINDLASS_SERVER: api.url },
        WINDLASS_API_KEY: this.options.key ?? api.adminKey,
        ...{ VAULT_ADDR: vault.address, VAULT_TOKEN: vault.token.reveal() },
        ...this.options.env,
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
    if (code !== 0 && code !== 3) expect(said, typed).toMatch(/rotation\.(nothing-to-retry|changed|ended)/);
  }
}

function sshConfig({ hosts }: TestFleet, keyFile: string): string {
  const own = hosts.map(
    ({ name, address, sshPort }) => `Host ${name}\n  HostName ${address}\n  Port ${sshPort}\n`,
  );
  return `${own.join('')}Host *
  IdentityFile ${keyFile}
  UserKnownHostsFile /dev/null
  StrictHostKeyChecking no
  LogLevel ERROR
`;
}
