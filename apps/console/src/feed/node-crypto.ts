import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** What the pure core needs of node:crypto; vite.config.ts puts it in its place. Throws for all but SHA-256. */
export function createHash(algorithm: string): Hash {
  if (algorithm !== 'sha256') throw new RangeError(`this page has no ${algorithm}`);
  return new Hash();
}

class Hash {
  private readonly state = sha256.create();

  update(data: string | Uint8Array): this {
    this.state.update(typeof data === 'string' ? utf8ToBytes(data) : data);
    return this;
  }

  digest(_encoding: 'hex'): string {
    return bytesToHex(this.state.digest());
  }
}
