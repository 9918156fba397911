import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { PortError } from '#engine';

export const MASTER_KEY_BYTES = 32;

/** 32 bytes that print and serialise as nothing. */
export class MasterKey {
  /** Eight hexadecimal digits that name the key and tell nothing about it. */
  readonly id: string;
  readonly #bytes: Buffer;

  /** Throws PortError `secret.bad-master-key`; `origin` is shown to people. */
  constructor(base64: string, origin: string) {
    this.#bytes = Buffer.from(base64.trim(), 'base64');
    if (this.#bytes.length !== MASTER_KEY_BYTES) throw badKey(origin);
    this.id = createHmac('sha256', this.#bytes).update('windlass master key id').digest('hex').slice(0, 8);
  }

  /** For the cipher alone. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

function badKey(origin: string): PortError {
  return new PortError({
    code: 'secret.bad-master-key',
    message: `The master key in ${origin} is not ${MASTER_KEY_BYTES} bytes in base64.`,
    nextStep:
      'Make one with: openssl rand -base64 32. What was sealed with a lost key must be entered again.',
  });
}
