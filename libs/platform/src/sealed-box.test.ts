import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { PortError, Secret } from '#engine';
import { loadMasterKey, MasterKey } from './master-key.js';
import { SealedBox } from './sealed-box.js';

const key = () => new MasterKey(randomBytes(32).toString('base64'), 'a test');

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof PortError ? error.problem.code : String(error);
  }
  return 'nothing was thrown';
}

describe('SealedBox', () => {
  it('opens what it sealed, and seals the same text differently each time', () => {
    const box = new SealedBox(key());
    const sealed = box.seal('hvs.token äöü', 'issuing_cas.token:1');
    expect(sealed).toMatch(/^sealed1:[0-9a-f]{8}:/);
    expect(box.open(sealed, 'issuing_cas.token:1').reveal()).toBe('hvs.token äöü');
    expect(box.seal('hvs.token äöü', 'issuing_cas.token:1')).not.toBe(sealed);
  });

  it('opens the empty text', () => {
    const box = new SealedBox(key());
    expect(box.open(box.seal('', 'c'), 'c').reveal()).toBe('');
  });

  it('does not open in another context, with another key, when changed in any byte, or cut short', () => {
    const box = new SealedBox(key());
    const sealed = box.seal('secret', 'hosts.private_key:1');
    expect(codeOf(() => box.open(sealed, 'hosts.private_key:2'))).toBe('secret.not-opened');
    expect(codeOf(() => new SealedBox(key()).open(sealed, 'hosts.private_key:1'))).toBe('secret.not-opened');
    const [version, id, text = ''] = sealed.split(':');
    const packed = Buffer.from(text, 'base64url');
    for (let index = 0; index < packed.length; index += 1) {
      const changed = Buffer.from(packed);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      const forged = `${version}:${id}:${changed.toString('base64url')}`;
      expect(codeOf(() => box.open(forged, 'hosts.private_key:1'))).toBe('secret.not-opened');
    }
    for (const length of [0, 5, 12, 20, packed.length - 1]) {
      const cut = `${version}:${id}:${packed.subarray(0, length).toString('base64url')}`;
      expect(codeOf(() => box.open(cut, 'hosts.private_key:1'))).toBe('secret.not-opened');
    }
    expect(codeOf(() => box.open('plain text', 'hosts.private_key:1'))).toBe('secret.not-opened');
  });

  it('names the key that is missing, and no secret', () => {
    const [one, other] = [new SealedBox(key()), new SealedBox(key())];
    const sealed = one.seal('top secret', 'c');
    expect(() => other.open(sealed, 'c')).toThrow(new RegExp(`${one.keyId}.*${other.keyId}`));
    expect(() => other.open(sealed, 'c')).not.toThrow(/top secret/);
  });
});

describe('loadMasterKey', () => {
  const folders: string[] = [];
  const folder = async () => {
    const path = await mkdtemp(join(tmpdir(), 'windlass-key-'));
    folders.push(path);
    return path;
  };
  afterEach(async () => {
    for (const path of folders.splice(0)) await rm(path, { recursive: true });
  });

  it('makes one key for all who start together, readable by nobody else', async () => {
    const file = join(await folder(), 'deep', 'master.key');
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadMasterKey(null, file)));
    expect(new Set(keys.map(({ bytes }) => bytes.toString('hex'))).size).toBe(1);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(Buffer.from(await readFile(file, 'utf8'), 'base64')).toHaveLength(32);
  });

  it('takes a given key before the file, and refuses one of another length', async () => {
    const file = join(await folder(), 'master.key');
    const given = randomBytes(32).toString('base64');
    expect((await loadMasterKey(new Secret(given), file)).bytes.toString('base64')).toBe(given);
    await expect(loadMasterKey(new Secret('c2hvcnQ='), file)).rejects.toMatchObject({
      problem: { code: 'secret.bad-master-key' },
    });
  });

  it('refuses a file that others may read', async () => {
    const file = join(await folder(), 'master.key');
    await loadMasterKey(null, file);
    await chmod(file, 0o640);
    await expect(loadMasterKey(null, file)).rejects.toMatchObject({
      problem: { code: 'secret.exposed-master-key' },
    });
  });

  it('prints as nothing', () => {
    const text = 'A'.repeat(43);
    const shown = new MasterKey(`${text}=`, 'a test');
    expect(inspect(shown) + JSON.stringify({ shown })).not.toContain(text.slice(0, 8));
  });
});
