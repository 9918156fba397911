import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '#engine';
import { openStorage } from '#installation';
import { type MasterKey, SealedBox } from '#platform';
import { callApi } from '../conformance/ca-source.backends.js';
import { aMasterKey, HOSTS, openAll, plant } from '../conformance/rewrap.rig.js';
import { openTestStores, type TestStores } from '../kit/stored-fleet.js';
import { startVault } from '../kit/vault.js';

async function windlass(words: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, ['dist/apps/cli/src/main.js', ...words], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  await once(child, 'close');
  return { code: child.exitCode, output, errors };
}

const base64 = (key: MasterKey) => key.bytes.toString('base64');

describe('windlass secrets rewrap, with transit', () => {
  it('moves everything to Vault, on to another key there, and away again', async () => {
    const [stores, vault] = [await openTestStores(), await startVault()];
    try {
      await callApi(vault, 'POST', 'sys/mounts/transit', { type: 'transit' });
      await callApi(vault, 'POST', 'transit/keys/windlass', {});
      const [before, after] = [aMasterKey(), aMasterKey()];
      const planted = await plant(stores, new SealedBox(before));
      const secrets = await openAll(stores, new SealedBox(before), planted);
      const transit = {
        DATABASE_URL: stores.url,
        WINDLASS_TRANSIT_KEY: 'windlass',
        WINDLASS_TRANSIT_ADDRESS: vault.address,
        WINDLASS_TRANSIT_TOKEN: vault.token.reveal(),
      };
      const rewrap = (env: object) => windlass(['secrets', 'rewrap'], { ...transit, ...env });
      const intoVault = await rewrap({ WINDLASS_OLD_MASTER_KEYS: base64(before) });
      expect(intoVault).toMatchObject({ code: 0, errors: '' });
      const first = /under master key (\w{8}), 0 under others/.exec(intoVault.output)?.[1];
      expect((await windlass(['key', 'rotate'], transit)).output).toMatch(/^Master key \w{8} seals/);
      await callApi(vault, 'POST', 'transit/keys/windlass/rotate', {});
      const onward = await rewrap({});
      expect(onward.code).toBe(0);
      expect(onward.output).toContain(`hosts.private_key: ${HOSTS} sealed anew`);
      expect(onward.output).not.toContain(`under master key ${first}`);
      // Nothing needs the first version of Vault's key any more.
      await callApi(vault, 'POST', 'transit/keys/windlass/config', { min_decryption_version: 2 });
      expect((await rewrap({ WINDLASS_MASTER_KEY: base64(after) })).code).toBe(0);
      expect(await openAll(stores, new SealedBox(after), planted)).toEqual(secrets);
    } finally {
      await vault.stop();
      await stores.close();
    }
  });

  it('is told by nobody but who has a key of transit to rotate', async () => {
    const refused = await windlass(['key', 'rotate'], {
      WINDLASS_MASTER_KEY: base64(aMasterKey()),
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing',
    });
    expect(refused.code).toBe(1);
    expect(refused.errors).toContain('WINDLASS_OLD_MASTER_KEYS');
  });
});

describe('windlass secrets rewrap', () => {
  const [before, now, other] = [aMasterKey(), aMasterKey(), aMasterKey()];
  let stores: TestStores;
  let folder: string;
  const rewrap = (env: Record<string, string>) =>
    windlass(['secrets', 'rewrap'], { DATABASE_URL: stores.url, WINDLASS_DATA_DIR: folder, ...env });

  beforeAll(async () => {
    stores = await openTestStores();
    folder = mkdtempSync(join(tmpdir(), 'windlass-rewrap-'));
  });
  afterAll(async () => {
    await stores.close();
    rmSync(folder, { recursive: true });
  });

  it('moves everything, counts it, and fails as long as a secret is under another key', async () => {
    const planted = await plant(stores, new SealedBox(before));
    const secrets = await openAll(stores, new SealedBox(before), planted);
    const lacking = await rewrap({ WINDLASS_MASTER_KEY: base64(other) });
    expect(lacking.code).toBe(1);
    expect(lacking.errors).toContain(`under master key ${before.id}`);
    const done = await rewrap({
      WINDLASS_MASTER_KEY: base64(now),
      WINDLASS_OLD_MASTER_KEYS: base64(before),
    });
    expect(done).toMatchObject({ code: 0, errors: '' });
    expect(done.output).toContain(`hosts.private_key: ${HOSTS} sealed anew`);
    expect(done.output).toMatch(new RegExp(`under master key ${now.id}, 0 under others`));
    expect(await openAll(stores, new SealedBox(now), planted)).toEqual(secrets);
    for (const key of [before, now, other]) {
      expect(done.output + lacking.output + lacking.errors).not.toContain(base64(key));
    }
  });

  it('is asked for by the log of a process that lacks a key', async () => {
    const lines: [object, string][] = [];
    const note = (fields: object, message: string) => void lines.push([fields, message]);
    const closing: (() => Promise<unknown>)[] = [];
    await openStorage(
      {
        ...{ databaseUrl: new Secret(stores.url), postgresDir: '', masterKeyFile: '' },
        masterKey: new Secret(base64(other)),
      },
      { info: () => {}, warn: () => {}, error: note },
      (close) => closing.push(close),
    );
    for (const close of closing.reverse()) await close();
    expect(lines).toEqual([
      [expect.objectContaining({ keyId: now.id }), expect.stringContaining('do not open')],
    ]);
  });

  it('needs a master key, and is refused words that it does not know', async () => {
    const none = await rewrap({});
    expect(none.code).toBe(1);
    expect(none.errors).toContain('windlass key generate');
    expect((await windlass(['secrets', 'rewrap', '--al'], {})).code).toBe(2);
  });

  it('has a key that windlass key generate makes once, for this user alone', async () => {
    const env = { WINDLASS_DATA_DIR: folder };
    expect((await windlass(['key', 'generate'], env)).code).toBe(0);
    const file = join(folder, 'master.key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const key = readFileSync(file, 'utf8');
    const again = await windlass(['key', 'generate'], env);
    expect(again.code).toBe(1);
    expect(again.errors).toContain(file);
    expect(readFileSync(file, 'utf8')).toBe(key);
    expect(again.output + again.errors).not.toContain(key.trim());
  });
});
