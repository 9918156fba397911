import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';

/** Host keys that the connection can pin. An `ssh-rsa` line would ask for SHA-1 signatures, which sshd refuses. */
export const PINNABLE = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
] as const;
export type PinnableAlgorithm = (typeof PINNABLE)[number];

export function isPinnable(algorithm: string): algorithm is PinnableAlgorithm {
  return PINNABLE.some((one) => one === algorithm);
}

/**
 * The pinned form, `algorithm base64`, of a public key line in OpenSSH's form; a comment at its end is dropped.
 * Null when it is none.
 */
export function pinnedHostKey(line: string): string | null {
  const [algorithm = '', base64 = ''] = line.trim().split(/\s+/);
  if (!isPinnable(algorithm)) return null;
  const key = ssh2.utils.parseKey(`${algorithm} ${base64}`);
  if (key instanceof Error || key.type !== algorithm || key.isPrivateKey()) return null;
  const blob = Buffer.from(base64, 'base64');
  return key.getPublicSSH().equals(blob) ? `${algorithm} ${blob.toString('base64')}` : null;
}

/** As OpenSSH shows it, of a key as it goes over the wire. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** As OpenSSH shows it, of a key in the form `algorithm base64`. */
export function hostKeyFingerprint(hostKey: string): string {
  return fingerprint(Buffer.from(hostKey.split(' ')[1] ?? '', 'base64'));
}
