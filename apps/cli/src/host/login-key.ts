import { privateKeyFault } from '#host';
import { secretIn } from '../server/read-file.js';

/** A private key that hosts are logged in to with. Throws RangeError that names the option and quotes nothing. */
export function loginKeyIn(file: string, option: string): string {
  const key = `${secretIn(file, option)}\n`;
  const fault = privateKeyFault(key);
  if (fault !== null) throw new RangeError(`--${option} ${file} ${fault}`);
  return key;
}
