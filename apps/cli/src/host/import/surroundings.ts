import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type KnownHostLine, knownHostKey, readKnownHosts } from '#host';
import { textIn } from '../../server/read-file.js';
import type { SettingValues } from '../host-body.js';
import { algorithmIn, givenKey } from '../host-key.js';
import { loginKeyIn } from '../login-key.js';
import type { Surroundings } from './enrolment.js';

/** Keys of hosts from known_hosts, and keys to log in with from files, each of which is read once. */
export function surroundingsOf(
  values: SettingValues,
  home: string,
): Surroundings & { readonly keyFiles: () => readonly string[] } {
  const inHome = (file: string) => (file.startsWith('~/') ? path.join(home, file.slice(2)) : file);
  const algorithm = algorithmIn(values['host-key-algorithm']);
  const keys = new Map<string, string>();
  let lines: readonly KnownHostLine[] | null = null;
  return {
    privateKey: (file) => {
      const key = keys.get(file) ?? loginKeyIn(inHome(file), 'key-file');
      keys.set(file, key);
      return key;
    },
    hostKey: (server, key) => {
      if (key !== undefined) return givenKey(key, 'host-key');
      lines ??= knownHosts(values['known-hosts'], path.join(home, '.ssh/known_hosts'));
      return knownHostKey(lines, server, algorithm);
    },
    keyFiles: () => [...keys.keys()],
  };
}

function knownHosts(file: string | undefined, usual: string): readonly KnownHostLine[] {
  if (file !== undefined) return readKnownHosts(textIn(file, 'known-hosts'));
  try {
    return readKnownHosts(readFileSync(usual, 'utf8'));
  } catch {
    throw new RangeError('nobody knows its host key: give --known-hosts FILE');
  }
}
