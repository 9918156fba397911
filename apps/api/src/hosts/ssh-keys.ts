import ssh2 from 'ssh2';

/** Host keys that the connection can pin. An `ssh-rsa` line would ask for SHA-1 signatures, which sshd refuses. */
const PINNABLE = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'];

/**
 * The pinned form, `algorithm base64`, of a public key line in OpenSSH's form; a comment at its end is dropped.
 * Null when it is none.
 */
export function pinnedHostKey(line: string): string | null {
  const [algorithm = '', base64 = ''] = line.trim().split(/\s+/);
  if (!PINNABLE.includes(algorithm)) return null;
  const key = ssh2.utils.parseKey(`${algorithm} ${base64}`);
  if (key instanceof Error || key.type !== algorithm || key.isPrivateKey()) return null;
  const blob = Buffer.from(base64, 'base64');
  return key.getPublicSSH().equals(blob) ? `${algorithm} ${blob.toString('base64')}` : null;
}

/** Why the text cannot log us in, or null when it can. Nothing of it is quoted, nor what the parser says of it. */
export function privateKeyFault(text: string): string | null {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) {
    return /passphrase|encrypted/i.test(key.message)
      ? 'is protected by a passphrase; give a key without one: ssh-keygen -p -N "" -f COPY_OF_THE_KEY'
      : 'must be a private key in the form of OpenSSH or PEM (RSA, EC), such as ssh-keygen writes';
  }
  return key.isPrivateKey() ? null : 'is a public key; give the private one';
}
