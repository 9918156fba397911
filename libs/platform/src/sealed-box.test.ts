import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PortError } from '#engine';
import { encrypt } from './envelope.js';
import { MasterKey } from './master-key.js';
import { GivenMasterKeys } from './master-keys.js';
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

/** The part of that number between colons, with one bit of each byte turned in turn. */
function withAnyByteChanged(sealed: string, part: number): readonly string[] {
  const packed = partOf(sealed, part);
  return [...packed.keys()].map((index) => {
    const changed = Buffer.from(packed);
    changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
    return withPart(sealed, part, changed);
  });
}

function cutShort(sealed: string, part: number): readonly string[] {
  const packed = partOf(sealed, part);
  return [0, 5, 12, 20, packed.length - 1].map((length) =>
    withPart(sealed, part, packed.subarray(0, length)),
  );
}

function partOf(sealed: string, part: number): Buffer {
  return Buffer.from(sealed.split(':')[part] ?? '', 'base64url');
}

function withPart(sealed: string, part: number, bytes: Buffer): string {
  return sealed.split(':').with(part, bytes.toString('base64url')).join(':');
}

describe('SealedBox', () => {
  it('opens what it sealed, and seals the same text differently each time', () => {
    const box = new SealedBox(key());
    const sealed = box.seal('hvs.token äöü', 'issuing_cas.token:1');
    expect(sealed).toMatch(/^sealed2:[0-9a-f]{8}:/);
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
    for (const changed of [...withAnyByteChanged(sealed, 2), ...withAnyByteChanged(sealed, 3)]) {
      expect(codeOf(() => box.open(changed, 'hosts.private_key:1'))).toBe('secret.not-opened');
    }
    for (const cut of [...cutShort(sealed, 2), ...cutShort(sealed, 3)]) {
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

  it('gives every value a data key of its own, which opens no other value', () => {
    const box = new SealedBox(key());
    const [one, other] = [box.seal('one', 'c'), box.seal('other', 'c')];
    expect(partOf(one, 2).equals(partOf(other, 2))).toBe(false);
    expect(codeOf(() => box.open(withPart(one, 2, partOf(other, 2)), 'c'))).toBe('secret.not-opened');
  });

  it('opens what releases without data keys sealed', () => {
    const master = key();
    const sealed = `sealed1:${master.id}:${encrypt(master.bytes, Buffer.from('old'), 'c').toString('base64url')}`;
    const box = new SealedBox(master);
    expect(box.open(sealed, 'c').reveal()).toBe('old');
    expect(codeOf(() => box.open(sealed, 'd'))).toBe('secret.not-opened');
    expect(codeOf(() => new SealedBox(key()).open(sealed, 'c'))).toBe('secret.not-opened');
  });

  it('does not take a wrapped data key for a value', () => {
    const master = key();
    const box = new SealedBox(master);
    const forged = `sealed1:${master.id}:${box.seal('secret', 'c').split(':')[2]}`;
    expect(codeOf(() => box.open(forged, 'c'))).toBe('secret.not-opened');
  });

  it('opens with the keys before, and seals with the one now', () => {
    const [before, now] = [key(), key()];
    const sealed = new SealedBox(before).seal('secret', 'c');
    const box = new SealedBox(new GivenMasterKeys(now, [before]));
    expect(box.open(sealed, 'c').reveal()).toBe('secret');
    expect(box.seal('secret', 'c').startsWith(box.prefix)).toBe(true);
    expect(box.keyId).toBe(now.id);
  });
});
