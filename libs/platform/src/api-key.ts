import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The prefix lets people and secret scanners recognise one of our keys. */
const PREFIX = 'wl_';

/** A new key of the API: 256 random bits. It is shown once; only its hash is kept. */
export function generateApiKey(): string {
  return `${PREFIX}${randomBytes(32).toString('base64url')}`;
}

/** Lower-case hex SHA-256. No salt and no slow hash: 256 random bits cannot be guessed. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Compares two hashes in a time that tells nothing about where they differ. */
export function sameHash(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one, 'hex'), Buffer.from(other, 'hex')];
  return left.length === right.length && left.length > 0 && timingSafeEqual(left, right);
}
