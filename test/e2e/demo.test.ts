import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processesNaming, runbookCommands, startVault, type TestVault, vaultBinaryPath } from '#kit';

interface Run {
  readonly status: number | null;
  readonly output: string;
  readonly last: Record<string, unknown>;
}

/** The command of the README, as a newcomer gives it. */
async function demo(env: Record<string, string>): Promise<Run> {
  const { VAULT_ADDR: _address, VAULT_TOKEN: _token, ...rest } = process.env;
  const child = spawn('npm', ['run', '--silent', 'demo', '--', '--once'], {
    env: { ...rest, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [status] = (await once(child, 'close')) as [number | null];
  const lastLine = output.trimEnd().split('\n').at(-1) ?? '';
  if (!lastLine.startsWith('{')) throw new Error(`exit ${status}\n${output}\n${errors}`);
  return { status, output: output + errors, last: JSON.parse(lastLine) };
}

/** A folder with a `vault` in it that takes the words of `vault server -dev` and is the Vault of the tests. */
async function folderWithVault(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'windlass-vault-on-path-'));
  const script = `#!/bin/sh
for word; do case $word in -dev-listen-address=*) listen=\${word#*=} ;; esac; done
WINDLASS_VAULT_ROOT_TOKEN=$VAULT_DEV_ROOT_TOKEN_ID exec '${await vaultBinaryPath()}' -listen "$listen"
`;
  writeFileSync(join(folder, 'vault'), script, { mode: 0o755 });
  return folder;
}

/** What the README says that the demo prints; ` ...` is something that it leaves out. */
function shownInReadme(): readonly string[] {
  const [, block = ''] =
    /^### What the demo prints\n[\s\S]*?```text\n([\s\S]*?)```/m.exec(readFileSync('README.md', 'utf8')) ??
    [];
  return block
    .split('\n')
    .map((line) => line.replace(/ *\.\.\.$/, ''))
    .filter((line) => line !== '');
}

/** Times, ports, addresses and counts are of each run. */
const anyNumbers = (text: string) => text.replaceAll(/\d+/g, '0');

const GOOD = {
  hosts: 5,
  rotation: 'succeeded',
  rollback: 'reverted',
  hostsByteIdentical: true,
  requestsRefused: 0,
};

describe('npm run demo -- --once', () => {
  let vault: TestVault;
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(() => vault?.stop());

  it('rotates and rolls back on the sandbox, which says that it is not Vault', async () => {
    const { status, last, output } = await demo({});
    expect(shownInReadme().length).toBeGreaterThan(10);
    for (const line of shownInReadme()) expect(anyNumbers(output)).toContain(anyNumbers(line));
    expect(last).toMatchObject(GOOD);
    expect(last.vault).toMatch(/sandbox.*not Vault/);
    expect(last.requestsTotal).toBeGreaterThan(500);
    expect(Object.keys(last)).toEqual([...Object.keys(GOOD), 'requestsTotal', 'vault', 'seconds']);
    expect(status).toBe(0);
  });

  it('does the same on the Vault that VAULT_ADDR names, without printing its token', async () => {
    const { status, last, output } = await demo({
      VAULT_ADDR: vault.address,
      VAULT_TOKEN: vault.token.reveal(),
    });
    expect(last).toMatchObject({ ...GOOD, vault: `Vault ${vault.version}` });
    expect(output).not.toContain(vault.token.reveal());
    expect(status).toBe(0);
  });

  it('does the same on a dev server of the vault that is on PATH, and ends it', async () => {
    const folder = await folderWithVault();
    const { status, last, output } = await demo({ PATH: `${folder}:${process.env.PATH}` });
    rmSync(folder, { recursive: true });
    expect(last).toMatchObject({ ...GOOD, vault: `Vault ${vault.version}` });
    expect(status).toBe(0);
    const [, address = ''] = /Vault [\d.]+ at (\S+),/.exec(output) ?? [];
    await expect(fetch(`${address}/v1/sys/health`)).rejects.toThrow('fetch failed');
  });

  it('names the missing token, and starts nothing', async () => {
    await expect(demo({ VAULT_ADDR: vault.address })).rejects.toThrow(/exit 1[\s\S]*VAULT_TOKEN is not set/);
  });
});

describe('npm run demo', () => {
  it('leaves API and docs up until Ctrl-C, and then nothing', async () => {
    const { VAULT_ADDR: _address, ...env } = process.env;
    // A process group of its own, which is whom a terminal tells of Ctrl-C.
    const [typed = ''] = runbookCommands('README.md', 'Two commands').flat();
    const child = spawn('sh', ['-c', typed], { env, detached: true, stdio: 'pipe' });
    const closed = once(child, 'close');
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const printed = (pattern: RegExp) => pattern.exec(output)?.slice(1) ?? [];
    try {
      await expect.poll(() => output, { timeout: 150_000 }).toMatch(/^ {2}logs .*\n/m);
      const [docs = '', key = '', list = '', folder = ''] = [
        ...printed(/^ {2}docs +(\S+)/m),
        ...printed(/^ {2}rotations +curl -H "Authorization: Bearer (\S+)" (\S+)/m),
        ...printed(/^ {2}logs +(\S+)\/api.log/m),
      ];
      expect(await (await fetch(docs)).text()).toContain('Windlass API');
      const rotations = await fetch(list, { headers: { Authorization: `Bearer ${key}` } });
      expect(await rotations.json()).toMatchObject({
        items: [{ status: 'reverted' }, { status: 'succeeded' }],
      });
      expect(processesNaming(folder)).not.toEqual([]);
      process.kill(-(child.pid ?? 0), 'SIGINT');
      await closed;
      expect(output).toContain('stopping');
      await expect.poll(() => processesNaming(folder), { timeout: 30_000 }).toEqual([]);
      expect(existsSync(folder)).toBe(false);
      await expect(fetch(docs)).rejects.toThrow('fetch failed');
    } finally {
      if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), 'SIGINT');
    }
  });
});
