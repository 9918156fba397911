import { hostKeyFingerprint, PINNABLE, pinnedHostKey, readHostKey } from '#host';
import type { Desk } from '../command-line/desk.js';
import { agrees } from '../command-line/person.js';
import { oneOf } from '../server/words-in.js';

interface Place {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** A key as it was given. Throws RangeError that names the option where it is none that can be pinned. */
export function givenKey(text: string, option: string): string {
  const key = pinnedHostKey(text);
  if (key !== null) return key;
  throw new RangeError(
    `--${option} must be an Ed25519 or ECDSA public key, as this prints: ssh-keyscan -t ed25519 HOST | cut -d" " -f2-`,
  );
}

/** Throws RangeError for a type that cannot be pinned. */
export function algorithmIn(text: string | undefined): (typeof PINNABLE)[number] | undefined {
  return text === undefined ? undefined : oneOf(text, PINNABLE, 'host-key-algorithm');
}

/**
 * The key that the host shows, once somebody said that it is its own: by its fingerprint beforehand (`accept`), or when
 * asked. Null where the answer is no. Throws RangeError where nobody is there to ask, with what to give, and where the
 * host gives no answer.
 */
export async function shownKey(desk: Desk, place: Place, accept: string | undefined): Promise<string | null> {
  const { name, address, port } = place;
  desk.waitingFor(`asking ${address}:${port} for its host key`);
  const key = await readHostKey(place).catch((error: Error) => {
    throw new RangeError(
      `${error.message} Next: see that sshd can be reached from here, or give --host-key.`,
    );
  });
  const [type, shown] = [key.split(' ')[0], hostKeyFingerprint(key)];
  if (accept !== undefined) {
    if (accept === shown) return key;
    throw new RangeError(
      `${name} (${address}:${port}) shows ${type} ${shown}, and not ${accept}. Next: find out whose key that is, before anything else.`,
    );
  }
  desk.complain(`${name} (${address}:${port}) shows this host key:\n\n  ${type}  ${shown}\n`);
  desk.complain('Compare it with what the host itself says: ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub');
  const wish = { yes: false, otherwise: `if that is the key of the host, give --accept-host-key ${shown}` };
  return (await agrees(desk.person, 'Is it the same? It will be pinned.', wish)) ? key : null;
}
