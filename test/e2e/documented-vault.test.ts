import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runbookCommands, startVault, type TestVault, TypedShell } from '#kit';

/** What pages show for the administrator of a Vault. */

let vault: TestVault;
let shell: TypedShell;

beforeAll(async () => {
  vault = await startVault();
  shell = TypedShell.open();
  shell.compiled('vault', 'test/kit/vault-command.js');
  Object.assign(shell.env, { VAULT_ADDR: vault.address, VAULT_TOKEN: vault.token.reveal() });
});

afterAll(async () => {
  shell?.close();
  await vault?.stop();
});

/** A client that the mount of the page issues now, held against a bundle. */
const clientOf = (bundle: string) =>
  shell.type([
    'vault write -field=certificate pki/issue/clients common_name=till ttl=1h > till.pem',
    `openssl verify -CAfile ${bundle} till.pem`,
  ]);

describe('docs/ca-chains.md', () => {
  it('makes a root, a policy CA and an issuing CA, and a bundle that lets its clients in', async () => {
    await shell.type(runbookCommands('docs/ca-chains.md', 'Issuing CAs below other CAs').flat());
    expect(await clientOf('bundle.pem')).toContain('till.pem: OK');
  });

  it('makes another root and another policy CA the defaults, which sign from then on', async () => {
    const commands = runbookCommands('docs/ca-chains.md', 'The same root, or another one').flat();
    const stdout = await shell.type(commands.slice(0, -1));
    const [, id = ''] = /^imported_issuers +\["([^"]+)"/m.exec(stdout) ?? [];
    shell.stands['<that id>'] = id;
    await shell.type(commands.slice(-1));
    const read = await shell.type('vault read -field=default pki-policy/config/issuers');
    expect(read.trim()).toBe(id);
    await shell.type('openssl verify -CAfile root-2.pem policy-2.pem');
  });
});

describe('docs/ca-sources.md', () => {
  it('makes an AppRole, with a secret id that is wrapped', async () => {
    const stdout = await shell.type(runbookCommands('docs/ca-sources.md', 'Vault').flat());
    expect(stdout).toMatch(/^[0-9a-f-]{36}$/m);
    expect(stdout).toMatch(/^wrapping_token +"hvs\./m);
  });
});

describe('docs/secrets.md', () => {
  it('makes a key that wraps master keys, and the policy for it', async () => {
    await shell.type(runbookCommands('docs/secrets.md', "Vault's transit").flat());
    const stdout = await shell.type('vault read -field=policy sys/policies/acl/windlass-transit');
    expect(stdout).toContain('transit/decrypt/windlass');
    await shell.type('vault write transit/encrypt/windlass plaintext=AAAA');
  });
});
