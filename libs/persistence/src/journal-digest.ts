import { createHash } from 'node:crypto';
import type { Session } from './database.js';

/** How much of a journal was there, and its SHA-256. */
export interface JournalDigest {
  readonly entries: number;
  /** Lower-case hex SHA-256 of the lines `<sequence> <time> <append> <type> <event>`, with a line feed between two. */
  readonly digest: string;
}

/** One entry as the digest has it: the event as it was written, byte for byte. */
const LINE = `sequence || ' ' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  || ' ' || append_id || ' ' || type || ' ' || event`;

const PAGE = 1_000;

/**
 * Of the entries up to a sequence, or of all; by the database, which has them at hand. {@link recomputeJournalDigest}
 * does not take its word for it.
 */
export async function journalDigest(
  session: Session,
  rotationId: string,
  upTo: number | null = null,
): Promise<JournalDigest> {
  const [row] = await session.rows<JournalDigest>(
    `SELECT count(*)::int AS entries,
       encode(sha256(convert_to(coalesce(string_agg(${LINE}, E'\\n' ORDER BY sequence), ''), 'UTF8')), 'hex') AS digest
     FROM journal_entries WHERE rotation_id = $1 AND ($2::integer IS NULL OR sequence <= $2)`,
    [rotationId, upTo],
  );
  if (row === undefined) throw new Error('an aggregate gave no row');
  return row;
}

/** By ourselves, page by page. */
export async function recomputeJournalDigest(session: Session, rotationId: string): Promise<JournalDigest> {
  const hash = createHash('sha256');
  let [entries, last] = [0, 0];
  for (;;) {
    const rows = await session.rows<{ sequence: number; line: string }>(
      `SELECT sequence, ${LINE} AS line FROM journal_entries
       WHERE rotation_id = $1 AND sequence > $2 ORDER BY sequence LIMIT ${PAGE}`,
      [rotationId, last],
    );
    for (const { sequence, line } of rows) {
      hash.update(entries === 0 ? line : `\n${line}`);
      entries += 1;
      last = sequence;
    }
    if (rows.length < PAGE) return { entries, digest: hash.digest('hex') };
  }
}
