import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownHostKey } from './known-host-key.js';
import { readKnownHosts, type SshPlace } from './known-hosts.js';

const PLACE = { address: 'edge-1.example', port: 22 };
const ODD_PORT = { ...PLACE, port: 2222 };

let folder: string;
let one: string;
let other: string;
let ecdsa: string;
let rsa: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'windlass-known-hosts-'));
  [one, other] = [newKey('one', 'ed25519'), newKey('other', 'ed25519')];
  [ecdsa, rsa] = [newKey('ecdsa', 'ecdsa'), newKey('rsa', 'rsa')];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function newKey(name: string, type: string): string {
  const file = path.join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'a comment', '-f', file]);
  return readFileSync(`${file}.pub`, 'utf8').trim();
}

const bare = (key: string) => key.split(' ').slice(0, 2).join(' ');
const found = (text: string, place: SshPlace = PLACE, algorithm?: 'ssh-ed25519') =>
  knownHostKey(readKnownHosts(text), place, algorithm);
const hashed = (name: string) => {
  const salt = Buffer.from('a salt of twenty bytes'.slice(0, 20));
  const hash = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${hash}`;
};

describe('a key in known_hosts', () => {
  it.each([
    ['by its name', 'edge-1.example', PLACE],
    ['among other names', '10.0.0.1,edge-1.example', PLACE],
    ['whatever the case', 'EDGE-1.example', { ...PLACE, address: 'Edge-1.Example' }],
    ['with another port', '[edge-1.example]:2222', ODD_PORT],
    ['by a pattern', 'edge-?.*', PLACE],
    ['by a pattern that begins with a star', '*-1.exam*le', PLACE],
    ['hashed', hashed('edge-1.example'), PLACE],
    ['hashed with a port', hashed('[edge-1.example]:2222'), ODD_PORT],
    ['IPv6 with a port', '[2001:db8::1]:2222', { address: '2001:db8::1', port: 2222 }],
  ])('is found %s', (_how, names, place) => {
    expect(found(`# comment\r\n\r\n${names}\t${one}\r\n`, place)).toBe(bare(one));
  });

  it.each([
    ['under another name', 'edge-2.example', PLACE],
    ['under a longer name', 'edge-1.example.org', PLACE],
    ['where its name is taken out', '*.example,!edge-1.example', PLACE],
    ['where all names are taken out', '!edge-2.example', PLACE],
    ['hashed with another port', hashed('edge-1.example'), ODD_PORT],
  ])('is not found %s', (_how, names, place) => {
    expect(() => found(`${names} ${one}`, place)).toThrow(/^no line names /);
  });

  it('for port 22 is not taken for another port', () => {
    expect(() => found(`edge-1.example ${one}`, ODD_PORT)).toThrow(
      'no line names [edge-1.example]:2222; line 1 is for port 22',
    );
  });

  it('is found as OpenSSH itself hashes it', () => {
    const file = path.join(folder, 'known_hosts');
    writeFileSync(file, `edge-1.example ${one}\n[edge-1.example]:2222 ${other}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('edge');
    expect(found(text)).toBe(bare(one));
    expect(found(text, ODD_PORT)).toBe(bare(other));
  });

  it('may stand there twice, and beside an RSA key that cannot be pinned', () => {
    const text = ['edge-1.example', '*'].map((names) => `${names} ${one}`).join('\n');
    expect(found(`edge-1.example ${rsa}\n${text}`)).toBe(bare(one));
  });
});

describe('what is not taken', () => {
  it('of several types is chosen by name', () => {
    const text = `edge-1.example ${ecdsa}\nedge-1.example ${one}`;
    expect(() => found(text)).toThrow(
      'lines 1, 2 hold keys of several types for edge-1.example: choose with hostKeyAlgorithm (ecdsa-sha2-nistp256, ssh-ed25519)',
    );
    expect(found(text, PLACE, 'ssh-ed25519')).toBe(bare(one));
  });

  it('is one of two keys of one type', () => {
    expect(() => found(`edge-1.example ${one}\n* ${other}`)).toThrow(/^lines 1, 2 hold different keys/);
  });

  it('is a revoked key, on whatever line that stands', () => {
    const revoked = `@revoked * ${one}`;
    const plain = `edge-1.example ${one}`;
    const why = 'the key for edge-1.example on line 1 is revoked on line 2';
    expect(() => found(`${plain}\n${revoked}`)).toThrow(why);
    expect(() => found(`${revoked}\n${plain}\nedge-1.example ${ecdsa}`, PLACE, 'ssh-ed25519')).toThrow(
      'on line 2 is revoked on line 1',
    );
    expect(found(`${plain}\n${revoked}\nedge-1.example ${other}`)).toBe(bare(other));
    expect(found(`${plain}\n@revoked edge-2.example ${one}`)).toBe(bare(one));
  });

  it('is the key of a certificate authority', () => {
    const text = `@cert-authority *.example ${one}`;
    expect(() => found(text)).toThrow(/^line 1 names a certificate authority for edge-1\.example/);
    expect(found(`${text}\nedge-1.example ${other}`)).toBe(bare(other));
  });

  it('is an RSA key alone, or a damaged one', () => {
    expect(() => found(`edge-1.example ${rsa}`)).toThrow(
      'line 1 holds no Ed25519 or ECDSA key for edge-1.example',
    );
    expect(() => found('edge-1.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample')).toThrow(/damaged$/);
  });

  it.each([
    ['too few words', 'edge-1.example ssh-ed25519'],
    ['a marker alone', '@revoked edge-1.example ssh-ed25519'],
    ['another marker', '@trusted edge-1.example ssh-ed25519 AAAA'],
    ['a key of SSH 1', 'edge-1.example 2048 35 1234'],
    ['another hash', '|2|AAAA|AAAA ssh-ed25519 AAAA'],
    ['a hash that is cut off', '|1|AAAA|AAAA ssh-ed25519 AAAA'],
  ])('is on a line of %s', (_what, line) => {
    expect(() => found(`# one\n${line}`)).toThrow(/^line 2 /);
  });
});
