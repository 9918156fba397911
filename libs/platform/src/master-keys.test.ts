import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '#engine';
import { MasterKey } from './master-key.js';
import { generateMasterKey } from './master-key-file.js';
import { loadMasterKeys } from './master-keys.js';

const text = () => randomBytes(32).toString('base64');

describe('loadMasterKeys', () => {
  const folders: string[] = [];
  const fileIn = async (...names: string[]) => {
    const path = await mkdtemp(join(tmpdir(), 'windlass-key-'));
    folders.push(path);
    return join(path, ...names, 'master.key');
  };
  afterEach(async () => {
    for (const path of folders.splice(0)) await rm(path, { recursive: true });
  });

  it('makes no key by itself, and says how to make one', async () => {
    const masterKeyFile = await fileIn();
    await expect(loadMasterKeys({ masterKey: null, masterKeyFile })).rejects.toMatchObject({
      problem: { code: 'secret.no-master-key', nextStep: expect.stringContaining('windlass key generate') },
    });
    await expect(stat(masterKeyFile)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('makes one key, when asked to, for all who start together, readable by nobody else', async () => {
    const masterKeyFile = await fileIn('deep');
    const source = { masterKey: null, masterKeyFile, generatesMasterKey: true };
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadMasterKeys(source)));
    expect(new Set(keys.map((ring) => ring.sealing().bytes.toString('hex'))).size).toBe(1);
    expect((await stat(masterKeyFile)).mode & 0o777).toBe(0o600);
    expect(Buffer.from(await readFile(masterKeyFile, 'utf8'), 'base64')).toHaveLength(32);
  });

  it('takes a given key before the file, and refuses one of another length', async () => {
    const masterKeyFile = await fileIn();
    const given = text();
    const ring = await loadMasterKeys({ masterKey: new Secret(given), masterKeyFile });
    expect(ring.sealing().bytes.toString('base64')).toBe(given);
    const short = loadMasterKeys({ masterKey: new Secret('c2hvcnQ='), masterKeyFile });
    await expect(short).rejects.toMatchObject({ problem: { code: 'secret.bad-master-key' } });
  });

  it('knows the keys before it, given and in files, and names a file that is missing', async () => {
    const [masterKeyFile, oldFile, old] = [await fileIn(), await fileIn(), text()];
    expect(await generateMasterKey(oldFile)).toBe(true);
    expect(await generateMasterKey(oldFile)).toBe(false);
    const source = { masterKey: new Secret(text()), masterKeyFile, oldMasterKeys: [new Secret(old)] };
    const ring = await loadMasterKeys({ ...source, oldMasterKeyFiles: [oldFile] });
    expect(ring.ids()).toHaveLength(3);
    expect(ring.find(new MasterKey(old, 'a test').id)?.bytes.toString('base64')).toBe(old);
    const missing = loadMasterKeys({ ...source, oldMasterKeyFiles: [`${oldFile}.gone`] });
    await expect(missing).rejects.toMatchObject({
      problem: { code: 'secret.no-master-key', message: expect.stringContaining(`${oldFile}.gone`) },
    });
  });

  it.each([
    { mode: 0o640, owner: 1_000, refused: true },
    { mode: 0o644, owner: 0, refused: true },
    { mode: 0o660, owner: 0, refused: true },
    { mode: 0o640, owner: 0, refused: false },
    { mode: 0o400, owner: 0, refused: false },
  ])('with mode $mode of user $owner: refused $refused', async ({ mode, owner, refused }) => {
    const masterKeyFile = await fileIn();
    await generateMasterKey(masterKeyFile);
    await chmod(masterKeyFile, mode);
    await chown(masterKeyFile, owner, owner);
    const loaded = loadMasterKeys({ masterKey: null, masterKeyFile });
    if (!refused) return expect((await loaded).ids()).toHaveLength(1);
    await expect(loaded).rejects.toMatchObject({ problem: { code: 'secret.exposed-master-key' } });
  });
});

describe('MasterKey', () => {
  it('prints as nothing', () => {
    const letters = 'A'.repeat(43);
    const shown = new MasterKey(`${letters}=`, 'a test');
    expect(inspect(shown) + JSON.stringify({ shown })).not.toContain(letters.slice(0, 8));
  });
});
