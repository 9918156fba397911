import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { PortError, Secret, SecretBox } from '#engine';
import type { MasterKey } from './master-key.js';

const VERSION = 'sealed1';
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SHAPE = /^sealed1:([0-9a-f]{8}):([A-Za-z0-9_-]+)$/;

/**
 * AES-256-GCM under the master key, with the context as associated data. The text form is
 * `sealed1:<key id>:<base64url of nonce, tag, ciphertext>`. The key id says which key is missing when a value
 * was sealed with another one; it tells nothing about the key.
 */
export class SealedBox extends SecretBox {
  readonly keyId: string;
  readonly #key: Buffer;

  constructor(key: MasterKey) {
    super();
    this.#key = Buffer.from(key.bytes);
    this.keyId = createHmac('sha256', this.#key).update('windlass master key id').digest('hex').slice(0, 8);
  }

  override seal(text: string, context: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    const packed = Buffer.concat([nonce, cipher.getAuthTag(), body]);
    return `${VERSION}:${this.keyId}:${packed.toString('base64url')}`;
  }

  override open(sealed: string, context: string): Secret {
    const [, keyId, text] = SHAPE.exec(sealed) ?? [];
    if (keyId === undefined || text === undefined)
      throw notOpened('it is not in the form this version writes');
    if (keyId !== this.keyId)
      throw notOpened(`it was sealed with master key ${keyId}, and this one is ${this.keyId}`);
    const packed = Buffer.from(text, 'base64url');
    try {
      return new Secret(this.decrypt(packed, context));
    } catch {
      throw notOpened('it was changed, or copied from another row or column');
    }
  }

  private decrypt(packed: Buffer, context: string): string {
    const nonce = packed.subarray(0, NONCE_BYTES);
    const tag = packed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    const options = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv(ALGORITHM, this.#key, nonce, options).setAuthTag(tag);
    decipher.setAAD(Buffer.from(context));
    const body = packed.subarray(NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  }
}

function notOpened(why: string): PortError {
  return new PortError({
    code: 'secret.not-opened',
    message: `A sealed value does not open: ${why}.`,
    nextStep: 'Start with the master key (WINDLASS_MASTER_KEY or its file) this database was written with.',
  });
}
