import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bootFleet,
  commandSections,
  freePort,
  type LeftAlone,
  makeCa,
  type PageSection,
  repositoryRoot,
  startVault,
  Terminal,
  type TestFleet,
  type TestVault,
} from '#kit';
import { ownMachine } from './own-host.js';

const PAGE = 'docs/getting-started.md';
const IN_ANOTHER_TERMINAL = /# in (a terminal of its own|another one)$/;
/** It builds everything. */
const LONGEST_MS = 420_000;
const PATIENCE = { timeout: 120_000, interval: 250 };

let folder: string;
let vault: TestVault;
let fleet: TestFleet;
let terminal: Terminal;
/** What the words in capitals stand for, each in the order in which the page asks. */
let words: Record<string, string[]>;
const left: LeftAlone[] = [];
const times: [step: string, seconds: number][] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'windlass-first-hour-'));
  // PostgreSQL's own user must pass through.
  chmodSync(folder, 0o711);
  vault = await startVault();
  const { certificatePem } = await makeCa({ commonName: 'What they trusted before' });
  fleet = await bootFleet({ hosts: 2, bundlePem: certificatePem });
  for (const host of fleet.hosts) ownMachine(host);
  const port = String(await freePort());
  terminal = Terminal.open(folder, {
    ...{ VAULT_TOKEN: vault.token.reveal(), npm_config_prefix: folder, npm_config_update_notifier: 'false' },
    // As the page says where another port is wanted: nobody knows who else listens on 8080 here.
    ...{ PORT: port, WINDLASS_SERVER: `http://127.0.0.1:${port}` },
  });
  const [one, two] = fleet.hosts;
  words = {
    ...{ ADDRESS_1: [one?.address ?? ''], ADDRESS_2: [two?.address ?? ''] },
    ...{ NUMBER: [String(one?.sshPort), String(one?.httpsPort)], SERVER_NAME: ['edge.test'] },
    ...{ PATH_ON_THE_HOSTS: [one?.managedPath ?? ''], ADDRESS_OF_VAULT: [vault.address] },
    REPOSITORY: [repositoryOfThisTree()],
  };
  giveCommands();
});

afterAll(async () => {
  await terminal?.close();
  await fleet?.stop();
  await vault?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
});

/** A repository of what is in this folder now, committed or not. */
function repositoryOfThisTree(): string {
  const repository = path.join(folder, 'windlass.git');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@test', ...args], { stdio: 'pipe' });
  git('init', '--quiet', '--bare', repository);
  const here = ['--git-dir', repository, '--work-tree', repositoryRoot()];
  git(...here, 'add', '--all');
  git(...here, 'commit', '--quiet', '--message', 'as it is here');
  return repository;
}

/** What the reader's machine has: a login as root on both hosts, Vault's command, and npm. */
function giveCommands(): void {
  const file = (name: string, text: string) => {
    const whole = path.join(folder, name);
    writeFileSync(whole, text, { mode: 0o600 });
    return whole;
  };
  const known = fleet.hosts.map((host) => `[${host.address}]:${host.sshPort} ${host.hostKey}\n`).join('');
  const options = `IdentityFile ${file('admin-key', fleet.privateKey)}\nUserKnownHostsFile ${file('known_hosts', known)}`;
  terminal.command(
    'ssh',
    `exec /usr/bin/ssh -F '${file('ssh_config', `${options}\nLogLevel ERROR\n`)}' "$@"`,
  );
  terminal.program('vault', 'test/kit/vault-command.js');
  // What "npm ci" leaves there is what this test runs on itself; all else is the real npm.
  const modules = path.join(repositoryRoot(), 'node_modules');
  const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  terminal.command('npm', `[ "$1" = ci ] && exec ln -s '${modules}' node_modules\nexec '${npm}' "$@"`);
}

/** The words in capitals, in the one block that the page says is to be edited, and the address of the repository. */
function filled(block: string): string {
  return block.replaceAll(/\b[A-Z][A-Z_0-9]*[A-Z0-9]\b(?!=)/g, (word) => words[word]?.shift() ?? word);
}

/** What a reader waits for behind a block, by how its last line begins. */
const SEEN: Readonly<Record<string, () => Promise<unknown>>> = {
  'node dist/apps/worker': async () => {
    for (const { output } of left) await expect.poll(output, PATIENCE).toContain('is ready');
  },
  'windlass rotate edge --reason': async () => {
    await expect.poll(() => terminal.type('windlass explain edge'), PATIENCE).toMatch(/^soak: .*till-7/s);
  },
  'windlass retry edge': async () => expect(await left.at(-1)?.ended, left.at(-1)?.output()).toBe(0),
};

async function followed({ heading, blocks }: PageSection): Promise<void> {
  for (const lines of blocks) {
    const elsewhere = lines.filter((line) => IN_ANOTHER_TERMINAL.test(line));
    for (const line of elsewhere) left.push(terminal.leave(filled(line)));
    // Nobody knows when a reload by hand is over. One by Windlass counts at once.
    if (elsewhere.length === 0) await typed(lines, heading.endsWith('by hand'));
    const waits = Object.entries(SEEN).find(([begins]) => lines.at(-1)?.startsWith(begins));
    await waits?.[1]();
  }
}

/** Where the page says what a line prints, `# 200`, it prints that. */
async function typed(lines: readonly string[], waits: boolean): Promise<void> {
  const block = filled(lines.join('\n'));
  const promised = lines.flatMap((line) => /# (\d{3})$/.exec(line)?.[1] ?? []);
  const said = async () => (await terminal.type(block)).trim().split('\n');
  if (promised.length === 0) await said();
  else if (waits) await expect.poll(said, PATIENCE).toEqual(promised);
  else expect(await said()).toEqual(promised);
}

describe('the first hour', () => {
  const sections = commandSections(PAGE);

  it.each(sections)('$heading', { timeout: LONGEST_MS }, async (section) => {
    const before = performance.now();
    await followed(section);
    times.push([section.heading, (performance.now() - before) / 1000]);
  });

  it('ends with a fleet on the new CA, and a schedule', async () => {
    expect(await terminal.type('windlass rotations edge')).toContain('succeeded');
    expect(await terminal.type('windlass schedule list edge')).toContain('0 2 * * *');
    const [first, second] = fleet.hosts.map((host) => host.exec(`cat ${host.managedPath}`));
    expect(first).toBe(second);
    console.log(times.map(([step, seconds]) => `| ${step} | ${seconds.toFixed(1)} |`).join('\n'));
  });
});
