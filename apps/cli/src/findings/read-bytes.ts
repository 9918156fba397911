import { readFileSync, statSync } from 'node:fs';

/** More than this is neither a configuration nor a manifest. */
const MAX_BYTES = 16 << 20;

/** Reads a file; 0 is standard input. Throws RangeError that names it when it cannot be read, or is too large. */
export function readBytes(file: string | 0): Uint8Array {
  try {
    if (file !== 0 && statSync(file).size > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES} bytes`);
    return readFileSync(file);
  } catch (error) {
    const name = file === 0 ? 'standard input' : file;
    throw new RangeError(`${name} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
