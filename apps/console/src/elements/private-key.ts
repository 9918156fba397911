/** PKCS #1, PKCS #8 (sealed or not), SEC 1 and OpenSSH all say it in the label (RFC 7468). */
const LABEL = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;

/** Whether a text holds a private key that should not be there. */
export function holdsPrivateKey(text: string): boolean {
  return LABEL.test(text);
}
