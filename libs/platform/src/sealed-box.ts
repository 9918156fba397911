import { randomBytes } from 'node:crypto';
import { PortError, Secret, SecretBox } from '#engine';
import { decrypt, encrypt } from './envelope.js';
import { MasterKey } from './master-key.js';
import { GivenMasterKeys, type MasterKeys } from './master-keys.js';

const DATA_KEY_BYTES = 32;
const ENVELOPE = /^sealed2:([0-9a-f]{8}):([A-Za-z0-9_-]+):([A-Za-z0-9_-]+)$/;
/** What releases before envelopes wrote: the text directly under the master key. */
const DIRECT = /^sealed1:([0-9a-f]{8}):([A-Za-z0-9_-]+)$/;

/**
 * Envelopes: every value has a data key of its own, which the master key wraps; both are AES-256-GCM with the context
 * as associated data. The text form is `sealed2:<id of the master key>:<wrapped data key>:<value>`, the two parts in
 * base64url of nonce, tag and ciphertext. The id says which key is missing when a value was sealed with another one.
 */
export class SealedBox extends SecretBox {
  private readonly keys: MasterKeys;

  constructor(keys: MasterKey | MasterKeys) {
    super();
    this.keys = keys instanceof MasterKey ? new GivenMasterKeys(keys) : keys;
  }

  /** Of the key that seals now. */
  get keyId(): string {
    return this.keys.sealing().id;
  }

  /** How every text begins that is sealed from now on. */
  get prefix(): string {
    return `sealed2:${this.keyId}:`;
  }

  /** Whether what was sealed with that master key opens. */
  has(keyId: string): boolean {
    return this.keys.find(keyId) !== null;
  }

  override seal(text: string, context: string): string {
    const master = this.keys.sealing();
    const dataKey = randomBytes(DATA_KEY_BYTES);
    const wrapped = encrypt(master.bytes, dataKey, wrapping(context));
    const body = encrypt(dataKey, Buffer.from(text), context);
    dataKey.fill(0);
    return `sealed2:${master.id}:${wrapped.toString('base64url')}:${body.toString('base64url')}`;
  }

  override open(sealed: string, context: string): Secret {
    const envelope = ENVELOPE.exec(sealed);
    if (envelope === null) return this.openDirect(sealed, context);
    const [, keyId = '', wrapped = '', body = ''] = envelope;
    const master = this.keyOf(keyId);
    return opened(() => {
      const dataKey = decrypt(master.bytes, Buffer.from(wrapped, 'base64url'), wrapping(context));
      const text = decrypt(dataKey, Buffer.from(body, 'base64url'), context);
      dataKey.fill(0);
      return text;
    });
  }

  private openDirect(sealed: string, context: string): Secret {
    const [, keyId, body] = DIRECT.exec(sealed) ?? [];
    if (keyId === undefined || body === undefined)
      throw notOpened('it is not in a form that this version reads');
    const master = this.keyOf(keyId);
    return opened(() => decrypt(master.bytes, Buffer.from(body, 'base64url'), context));
  }

  private keyOf(keyId: string): MasterKey {
    const key = this.keys.find(keyId);
    if (key !== null) return key;
    const here = this.keys.ids().join(', ') || 'none';
    throw notOpened(`it was sealed with master key ${keyId}, and here there is ${here}`);
  }
}

/** Not the context of a value, so that nobody passes a wrapped key off as one. */
function wrapping(context: string): string {
  return `data key of ${context}`;
}

function opened(decryption: () => Buffer): Secret {
  try {
    return new Secret(decryption().toString('utf8'));
  } catch {
    throw notOpened('it was changed, or copied from another row or column');
  }
}

function notOpened(why: string): PortError {
  return new PortError({
    code: 'secret.not-opened',
    message: `A sealed value does not open: ${why}.`,
    nextStep:
      'Start with the master key that this database was written with, as WINDLASS_MASTER_KEY, its file, or among WINDLASS_OLD_MASTER_KEYS.',
  });
}
