import { readFileSync } from 'node:fs';

const STANDARD_INPUT = 0;

/** Text of a file, or of standard input for `-`. Throws RangeError that names the option. */
export function textIn(file: string, option: string): string {
  try {
    return readFileSync(file === '-' ? STANDARD_INPUT : file, 'utf8');
  } catch (error) {
    throw new RangeError(`--${option} ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** A secret, without the line end that editors leave behind it. Throws RangeError that names the option. */
export function secretIn(file: string, option: string): string {
  const text = textIn(file, option).trim();
  if (text === '') throw new RangeError(`--${option} ${file} is empty`);
  return text;
}
