/**
 * Encrypts keys with one that never leaves where it is kept. Throws PortError `secret.wrapper-unreachable` (transient),
 * and `secret.wrapper-refused` where it does not let us, or does not take what was wrapped.
 */
export abstract class KeyWrapper {
  /** For messages, such as `transit/keys/windlass of Vault at https://vault.example`. */
  abstract readonly name: string;

  /** With the newest version of the key that wraps. */
  abstract wrap(key: Buffer): Promise<string>;
  abstract unwrap(wrapped: string): Promise<Buffer>;
}
