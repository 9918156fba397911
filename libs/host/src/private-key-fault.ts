import ssh2 from 'ssh2';

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
