import { isIP } from 'node:net';
import { posix } from 'node:path';
import { z } from 'zod';
import { Secret } from '#engine';

// Written out, because the document shows them, and not every reader of JSON Schema knows \p{Cc}.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
const NO_CONTROLS = /^[^\u0000-\u001f\u007f-\u009f]*$/;
/** PostgreSQL keeps no NUL. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const NO_NUL = /^[^\u0000]*$/;
/** It would come back as another text. */
const LONE_SURROGATE = /\p{Cs}/u;
/** RFC 1123 2.1, a trailing dot left out. */
const DNS_NAME =
  /^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*$/;

/** One line of at most so many characters, none of them a control character. */
export function line(most: number) {
  const message = 'must be one line without control characters';
  return z.string().min(1).max(most).regex(NO_CONTROLS, message).refine(isWellFormed, message);
}

/** Text of several lines, such as PEM. */
export function storableText(most: number) {
  const message = 'must be text without NUL';
  return z.string().max(most).regex(NO_NUL, message).refine(isWellFormed, message);
}

function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/** Wraps it at once, so that the plain text is gone with the body. Shown as write-only. */
export function secretOf<Schema extends z.ZodType<string>>(text: Schema) {
  return text.transform((plain) => new Secret(plain)).meta({ writeOnly: true });
}

export const dnsName = z
  .string()
  .regex(DNS_NAME, 'must be a DNS name')
  .refine((text) => isIP(text) === 0, 'must be a name, not an address');

/** Where a host is found. */
export const address = z
  .string()
  .max(253)
  .refine(
    (text) => isIP(text) !== 0 || (DNS_NAME.test(text) && !/^[\d.]+$/.test(text)),
    'must be an IPv4 or IPv6 address or a DNS name',
  );

export const port = z.int().min(1).max(65_535);

/** RFC 3339 UTC. */
export const timestamp = z.preprocess(
  (value) => (value instanceof Date ? value.toISOString() : value),
  z.iso.datetime(),
);

export const id = z.uuid();

/** An id in a path. Any text may be asked for: what is none finds nothing (404). */
export const pathId = z.string().meta({ format: 'uuid' });

/** One word of a command that no shell reads. The host takes a line for a word, and drops blanks around it. */
export const commandWord = line(1_000).refine(
  (word) => word.trim() === word,
  'must not begin or end with a blank',
);

export const absolutePath = line(4_096)
  .refine(
    (path) => path.startsWith('/') && posix.normalize(path) === path && !path.endsWith('/'),
    'must be the absolute path of a file, without ".", ".." or doubled slashes',
  )
  // The tools of a host write some names otherwise than they are (a backslash), and nginx would end a word at others.
  .refine(
    (path) => /^[\p{L}\p{M}\p{N}\p{Cc}/._+@:,=~% -]*$/u.test(path) && !/^ | $/.test(path),
    'must hold only letters, digits, blanks within it, and . _ - + @ : , = ~ %',
  );
