import type { AuditEntry } from './entry.js';
import { canonicalJson } from './hash.js';

/** One entry as exports have it: a line of JSON (RFC 8785). */
export function exportLine(entry: AuditEntry): string {
  return canonicalJson(entry);
}

/** Throws RangeError for a line that is no entry; which line that is, the caller knows. */
export function readExportLine(line: string): AuditEntry {
  const read = parsed(line);
  if (typeof read !== 'object' || read === null) throw new RangeError('it is no JSON object');
  const { number, hash, previousHash } = read as Partial<AuditEntry>;
  if (!Number.isSafeInteger(number)) throw new RangeError('it has no number');
  if (typeof hash !== 'string' || typeof previousHash !== 'string') throw new RangeError('it has no hashes');
  return read as AuditEntry;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new RangeError('it is no JSON');
  }
}
