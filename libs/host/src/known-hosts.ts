import { createHmac } from 'node:crypto';

/** Where SSH is spoken: an address or a DNS name, and a port. */
export interface SshPlace {
  readonly address: string;
  readonly port: number;
}

/** A line of a known_hosts file, in the form of sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
export interface KnownHostLine {
  /** Counted from 1. */
  readonly line: number;
  readonly marker: '@cert-authority' | '@revoked' | null;
  /** Names as they stand there: patterns between commas, or one hashed name. */
  readonly names: string;
  readonly algorithm: string;
  /** The key, in base64 with its padding. */
  readonly key: string;
}

/** What keeps a key from being taken out of a known_hosts text. The message names lines, and quotes none. */
export class KnownHostsFault extends Error {
  override readonly name = 'KnownHostsFault';
}

const SSH_PORT = 22;

/** Every line but comments and blank ones. Throws {@link KnownHostsFault} for one that is of another form. Pure. */
export function readKnownHosts(text: string): readonly KnownHostLine[] {
  return text.split(/\r?\n/).flatMap((content, index) => {
    const words = content.trim().split(/[ \t]+/);
    return words[0] === '' || words[0]?.startsWith('#') ? [] : [readLine(words, index + 1)];
  });
}

function readLine(words: readonly string[], line: number): KnownHostLine {
  const [first = ''] = words;
  const marker = first === '@cert-authority' || first === '@revoked' ? first : null;
  if (marker === null && first.startsWith('@')) {
    throw new KnownHostsFault(`line ${line} begins with a marker that is not known`);
  }
  const [names, algorithm, base64] = marker === null ? words : words.slice(1);
  if (names === undefined || algorithm === undefined || base64 === undefined) {
    throw new KnownHostsFault(`line ${line} does not hold names, a key type and a key`);
  }
  if (names.startsWith('|') && !/^\|1\|[A-Za-z0-9+/]{27}=\|[A-Za-z0-9+/]{27}=$/.test(names)) {
    throw new KnownHostsFault(`line ${line} holds a hashed name of another form than |1|salt|hash`);
  }
  if (!/^[a-z][\w.@-]*$/.test(algorithm) || !/^[A-Za-z0-9+/]+=*$/.test(base64)) {
    throw new KnownHostsFault(`line ${line} does not hold a key type and a key in base64 behind the names`);
  }
  return { line, marker, names, algorithm, key: Buffer.from(base64, 'base64').toString('base64') };
}

/**
 * Whether a line is about a place, as ssh(1) reads it: a port other than 22 is a part of the name, a name behind `!`
 * takes the line away, and a hashed name is an HMAC-SHA-1. Pure.
 */
export function isAbout({ names }: Pick<KnownHostLine, 'names'>, { address, port }: SshPlace): boolean {
  const host = address.toLowerCase();
  const asked = port === SSH_PORT ? host : `[${host}]:${port}`;
  if (names.startsWith('|')) return isHashOf(names, asked);
  const patterns = names.toLowerCase().split(',');
  return (
    !patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1), asked)) &&
    patterns.some((pattern) => matches(pattern, asked))
  );
}

function isHashOf(hashed: string, name: string): boolean {
  const [, , salt = '', hash = ''] = hashed.split('|');
  const mac = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return mac.equals(Buffer.from(hash, 'base64'));
}

/** `*` and `?` of ssh_config(5), PATTERNS; in steps at most the product of both lengths, whatever is sent. */
function matches(pattern: string, text: string): boolean {
  let [at, place, star, resume] = [0, 0, -1, 0];
  while (place < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      resume = place;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[place])) {
      at++;
      place++;
    } else if (star >= 0) {
      at = star + 1;
      place = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
