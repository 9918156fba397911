import { parseArgs } from 'node:util';
import type { AuditHead } from '#audit-chain';

export const VERIFY_USAGE = `windlass audit verify [FILE] [--expect COUNT:HASH]

Says whether the audit log is the one that was written: no entry changed, missing, moved or cut off. Without FILE it
reads the database that DATABASE_URL names, and holds the journal of every ended rotation against the digest in the log.
FILE is what GET /v1/audit/export gave, without filters; - reads standard input.
Exit code 0: it is; 1: it could not be read; 2: it is not, and the first entry at fault is named.

  DATABASE_URL=postgresql://... windlass audit verify --expect 1042:9f86d0...

  --expect COUNT:HASH   a head that was seen before: the last line of an earlier verify, or GET /v1/audit/head. Keep
                        it where whoever may write to the database may not. Without it nobody can tell that the
                        newest entries were cut off, or the whole log written anew, by somebody who knows how
`;

export interface VerifyOptions {
  /** Null: the database. */
  readonly file: string | null;
  readonly expected: AuditHead | null;
}

export const VERIFY_OPTIONS = { expect: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

/** Null when help is asked for. Throws RangeError or TypeError that names the word which makes no sense. */
export function verifyOptions(args: readonly string[]): VerifyOptions | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: VERIFY_OPTIONS,
    allowPositionals: true,
  });
  if (values.help) return null;
  const [file = null, ...more] = positionals;
  if (more.length > 0) throw new RangeError('name one file, or none for the database');
  return { file, expected: headIn(values.expect) };
}

function headIn(text: string | undefined): AuditHead | null {
  if (text === undefined) return null;
  const [, count, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (count === undefined || hash === undefined)
    throw new RangeError(`--expect must be a count and a hash, such as 1042:9f86d0..., not "${text}"`);
  return { count: Number(count), hash };
}
