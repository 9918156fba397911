import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TransitKeyWrapper } from '#ca-source';
import { type PortError, Secret } from '#engine';
import { PostgresWrappedKeys } from '#persistence';
import { SealedBox, WrappedMasterKeys, type WrappedMasterKeysOptions } from '#platform';
import { openTestStores, type TestStores } from '../kit/stored-fleet.js';
import { startVault, type TestVault } from '../kit/vault.js';
import { newAppRole } from './ca-logins.vault.js';
import { callApi } from './ca-source.backends.js';
import { aMasterKey } from './rewrap.rig.js';

const HOUR = 3_600_000;

let vault: TestVault;
let stores: TestStores;
let opened: WrappedMasterKeys[];
let key = 0;

beforeAll(async () => {
  vault = await startVault();
  await callApi(vault, 'POST', 'sys/mounts/transit', { type: 'transit' });
});
afterAll(() => vault.stop());
beforeEach(async () => {
  opened = [];
  key += 1;
  await callApi(vault, 'POST', `transit/keys/windlass-${key}`, {});
  stores = await openTestStores();
});
afterEach(async () => {
  for (const one of opened) one.close();
  await stores.close();
});

const place = () => ({
  ...{ address: vault.address, namespace: '', mount: 'transit', key: `windlass-${key}`, serverCaPem: null },
});
const wrapper = (token = vault.token) => new TransitKeyWrapper(place(), { token: async () => token });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing was thrown',
    (error: PortError) => error.problem?.code ?? String(error),
  );
/** A process of the installation. */
const aProcess = async (options: Partial<WrappedMasterKeysOptions> = {}) => {
  const store = new PostgresWrappedKeys(stores.dataSource);
  const keys = await WrappedMasterKeys.open({ wrapper: wrapper(), store, ...options });
  opened.push(keys);
  return keys;
};

describe('TransitKeyWrapper', () => {
  it('gives back what it wrapped, and wraps the same key differently each time', async () => {
    const bytes = randomBytes(32);
    const wrapped = await wrapper().wrap(bytes);
    expect(wrapped).toMatch(/^vault:v1:/);
    expect(wrapped).not.toContain(bytes.toString('base64'));
    expect((await wrapper().unwrap(wrapped)).equals(bytes)).toBe(true);
    expect(await wrapper().wrap(bytes)).not.toBe(wrapped);
  });

  it('logs in by AppRole with no right but those two', async () => {
    const role = await newAppRole(vault, `transit/encrypt`);
    const policy = ['encrypt', 'decrypt'].map(
      (verb) => `path "transit/${verb}/windlass-${key}" { capabilities = ["update"] }`,
    );
    await callApi(vault, 'PUT', `sys/policies/acl/${role.mount}`, { policy: policy.join('\n') });
    const byRole = new TransitKeyWrapper(place(), { appRole: await role.secretId() });
    const bytes = randomBytes(32);
    expect((await byRole.unwrap(await byRole.wrap(bytes))).equals(bytes)).toBe(true);
  });

  it('says what is wrong, and shows no key and no token', async () => {
    const token = new Secret('hvs.wrong-token-wrong-token');
    const bytes = randomBytes(32);
    const failures = [
      ['secret.wrapper-refused', () => wrapper(token).wrap(bytes)],
      ['secret.wrapper-refused', () => wrapper().unwrap('vault:v1:AAAA')],
      [
        'secret.wrapper-unreachable',
        () =>
          new TransitKeyWrapper(
            { ...place(), address: 'http://127.0.0.1:9' },
            { token: async () => token },
          ).wrap(bytes),
      ],
    ] as const;
    for (const [code, fail] of failures) {
      const error = await fail().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ problem: { code, nextStep: expect.any(String) } });
      const shown = inspect(error, { depth: 10, showHidden: true });
      expect(shown).not.toContain(token.reveal());
      expect(shown).not.toContain(bytes.toString('base64'));
    }
  });
});

describe('master keys that transit wraps', () => {
  it('are one for all processes that start together, and are there after a restart', async () => {
    const processes = await Promise.all([aProcess(), aProcess(), aProcess()]);
    expect(new Set(processes.map((keys) => keys.sealing().id)).size).toBe(1);
    const [first] = processes;
    const sealed = new SealedBox(first as WrappedMasterKeys).seal('secret', 'c');
    expect(new SealedBox(await aProcess()).open(sealed, 'c').reveal()).toBe('secret');
  });

  it('stand in the database in no other form', async () => {
    const bytes = (await aProcess()).sealing().bytes;
    const rows = JSON.stringify(await stores.dataSource.query('SELECT * FROM master_keys'));
    expect(rows).toContain('vault:v1:');
    expect(rows).not.toContain(bytes.toString('base64').slice(0, 40));
  });

  it('give way to another one, which no process meets unknown, and are removed a day later', async () => {
    const [one, other] = [await aProcess(), await aProcess()];
    const before = one.sealing().id;
    const sealed = new SealedBox(one).seal('secret', 'c');
    const after = await one.rotate();
    expect(await one.rotates()).toBe(true);
    expect([one.sealing().id, other.sealing().id]).toEqual([before, before]);
    const due = 'UPDATE master_keys SET seals_from = clock_timestamp() WHERE id = $1';
    await stores.dataSource.query(due, [after]);
    expect(await one.rotates()).toBe(false);
    expect(one.sealing().id).toBe(after);
    await other.look(false);
    expect(new SealedBox(other).open(new SealedBox(one).seal('new', 'c'), 'c').reveal()).toBe('new');
    expect(new SealedBox(other).open(sealed, 'c').reveal()).toBe('secret');
    const store = new PostgresWrappedKeys(stores.dataSource);
    expect(await store.removeSuperseded(before, 86_400)).toBe(false);
    expect(await store.removeSuperseded(after, 0)).toBe(false);
    expect(await store.removeSuperseded(before, 0)).toBe(true);
  });

  it('may be wrapped anew, so that older versions of the key that wraps are retired', async () => {
    const keys = await aProcess();
    await callApi(vault, 'POST', `transit/keys/windlass-${key}/rotate`, {});
    await keys.rewrapAll();
    await callApi(vault, 'POST', `transit/keys/windlass-${key}/config`, { min_decryption_version: 2 });
    expect((await aProcess()).sealing().id).toBe(keys.sealing().id);
  });

  it('outlive a sealed Vault for an hour in memory and no longer, and come back with it', async () => {
    let now = 0;
    const keys = await aProcess({ now: () => now });
    const box = new SealedBox(keys);
    const sealed = box.seal('secret', 'c');
    await vault.seal();
    try {
      now += HOUR - 1;
      expect(await codeOf(keys.look(false))).toBe('secret.wrapper-unreachable');
      expect(box.open(sealed, 'c').reveal()).toBe('secret');
      now += 1;
      for (const use of [() => box.open(sealed, 'c'), () => box.seal('secret', 'c')]) {
        expect(use).toThrow(
          expect.objectContaining({
            transient: true,
            problem: expect.objectContaining({ code: 'secret.keys-expired' }),
          }),
        );
      }
      expect(await codeOf(aProcess())).toBe('secret.wrapper-unreachable');
    } finally {
      await vault.unseal();
    }
    await keys.look(false);
    expect(box.open(sealed, 'c').reveal()).toBe('secret');
  });

  it('are kept no longer than an hour when the right to unwrap was taken away', async () => {
    let now = 0;
    const role = await newAppRole(vault, 'transit');
    const byRole = new TransitKeyWrapper(place(), { appRole: await role.secretId() });
    const keys = await aProcess({ wrapper: byRole, now: () => now });
    await callApi(vault, 'PUT', `sys/policies/acl/${role.mount}`, {
      policy: 'path "none" { capabilities = ["deny"] }',
    });
    now += HOUR;
    expect(await codeOf(keys.look(false))).toBe('secret.wrapper-refused');
    expect(() => keys.sealing()).toThrow(/dropped from memory/);
  });

  it('open beside a key that is given, and seal no more: so an installation leaves transit', async () => {
    const sealed = new SealedBox(await aProcess()).seal('secret', 'c');
    const [given, old] = [aMasterKey(), aMasterKey()];
    const left = await aProcess({ instead: given, old: [old] });
    const box = new SealedBox(left);
    expect(box.keyId).toBe(given.id);
    expect(box.open(sealed, 'c').reveal()).toBe('secret');
    expect(box.open(new SealedBox(old).seal('older', 'c'), 'c').reveal()).toBe('older');
    expect(left.ids()).toHaveLength(3);
  });

  it('are not taken for each other when the table was edited', async () => {
    const keys = await aProcess();
    const foreign = await wrapper().wrap(randomBytes(32));
    await stores.dataSource.query('UPDATE master_keys SET wrapped = $1', [foreign]);
    expect(await codeOf(aProcess())).toBe('secret.bad-master-key');
    expect(keys.ids()).toHaveLength(1);
  });
});
