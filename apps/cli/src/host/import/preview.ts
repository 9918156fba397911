import { hostKeyFingerprint } from '#host';
import { columns } from '../../server/show.js';
import type { Enrolment } from './enrolment.js';
import type { Remark } from './imported.js';

/** For people: what would be enrolled, what is passed over, what cannot be enrolled, and which keys would be stored. */
export function preview({ hosts, unusable, passedOver }: Enrolment, keyFiles: readonly string[]): string {
  const rows = hosts.map(({ name, address, port, user, login, jump, hostKey = '' }) => [
    ...[name, `${address}:${port}`, `${user}, ${login}`, jump?.address ?? '-', hostKeyFingerprint(hostKey)],
  ]);
  return [
    columns([['NAME', 'ADDRESS', 'LOGIN', 'JUMP', 'HOST KEY'], ...rows]),
    ...remarks('Passed over', passedOver),
    ...remarks('Cannot be enrolled', unusable),
    ...(keyFiles.length === 0 ? [] : ['', `Private keys that are stored, sealed: ${keyFiles.join(', ')}`]),
  ].join('\n');
}

function remarks(title: string, all: readonly Remark[]): string[] {
  return all.length === 0
    ? []
    : ['', `${title}:`, ...all.map(({ line, what, why }) => `  line ${line}: ${what}: ${why}`)];
}

/** For programs, without the keys themselves. */
export function previewValue({ hosts, ...others }: Enrolment, keyFiles: readonly string[]) {
  return {
    hosts: hosts.map(({ privateKey: _, jump, ...host }) => {
      const { privateKey: __, ...shownJump } = jump ?? {};
      return { ...host, jump: jump ? shownJump : null };
    }),
    ...{ ...others, keyFiles },
  };
}
