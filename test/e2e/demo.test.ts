import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVault, type TestVault } from '#kit';

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
    expect(output).toContain('host-3');
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

  it('names the missing token, and starts nothing', async () => {
    await expect(demo({ VAULT_ADDR: vault.address })).rejects.toThrow(/exit 1[\s\S]*VAULT_TOKEN is not set/);
  });
});
