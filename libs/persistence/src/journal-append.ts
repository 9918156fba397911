import { JournalConflict, type JournalEntry, type Lease, PortError, type Projection } from '#engine';
import type { RotationEvent } from '#rotation';
import type { Session } from './database.js';
import { notFound } from './not-found.js';

export const JOURNAL_CHANNEL = 'windlass_journal';

export interface Append {
  readonly rotationId: string;
  readonly expectedSequence: number;
  readonly lease: Lease | null;
  readonly events: readonly RotationEvent[];
  readonly projection: Projection;
  /** Names this append in its entries, so that a repeat finds out whether it has landed already. */
  readonly appendId: string;
}

interface EntryRow {
  sequence: number;
  at: Date;
  event: RotationEvent;
}

/**
 * One try of an append. The lock on the rotation's row orders appends, and it outlives a lost client exactly
 * as long as that client's transaction may still commit.
 */
export async function appendOnce(session: Session, append: Append): Promise<readonly JournalEntry[]> {
  const [rotation] = await session.rows<{ version: number; ended: boolean }>(
    'SELECT version, ended_at IS NOT NULL AS ended FROM rotations WHERE id = $1 FOR NO KEY UPDATE',
    [append.rotationId],
  );
  if (rotation === undefined) throw notFound('rotation', append.rotationId);
  if (rotation.version !== append.expectedSequence) return landedBefore(session, append);
  if (rotation.ended) throw endedAlready(append.rotationId);
  if (append.lease !== null) await requireNewestTerm(session, append.lease);
  const entries = await insertEntries(session, append);
  await project(session, append);
  await session.rows('SELECT pg_notify($1, $2)', [JOURNAL_CHANNEL, append.rotationId]);
  return entries;
}

/** Our own entries when an earlier try landed though its COMMIT went unanswered. */
async function landedBefore(session: Session, append: Append): Promise<readonly JournalEntry[]> {
  const rows = await session.rows<EntryRow>(
    'SELECT sequence, at, event FROM journal_entries WHERE rotation_id = $1 AND append_id = $2 ORDER BY sequence',
    [append.rotationId, append.appendId],
  );
  if (rows.length === 0) throw new JournalConflict(append.rotationId);
  return rows.map(toEntry);
}

/** The share lock makes a takeover wait until this append has ended. */
async function requireNewestTerm(session: Session, lease: Lease): Promise<void> {
  const [newest] = await session.rows<{ term: number }>(
    'SELECT term FROM leases WHERE rotation_id = $1 FOR SHARE',
    [lease.rotationId],
  );
  if (newest?.term !== lease.term) throw new JournalConflict(lease.rotationId);
}

export async function insertEntries(
  session: Session,
  append: Pick<Append, 'rotationId' | 'expectedSequence' | 'events' | 'appendId'>,
): Promise<readonly JournalEntry[]> {
  const { rotationId, expectedSequence, events, appendId } = append;
  const types = events.map((event) => event.type);
  const texts = events.map((event) => JSON.stringify(event));
  const rows = await session.rows<EntryRow>(
    `INSERT INTO journal_entries (rotation_id, sequence, append_id, type, event)
     SELECT $1, $2 + n, $3, type, event::json FROM unnest($4::text[], $5::text[]) WITH ORDINALITY AS e (type, event, n)
     RETURNING sequence, at, event`,
    [rotationId, expectedSequence, appendId, types, texts],
  );
  return rows.map(toEntry).sort((a, b) => a.sequence - b.sequence);
}

async function project(
  session: Session,
  { rotationId, expectedSequence, events, projection }: Append,
): Promise<void> {
  const { status, phase, ended, decidedGenerationId, rotated } = projection;
  const [row] = await session.rows<{ fleet_id: string }>(
    `UPDATE rotations SET version = $2, status = $3, phase = $4, updated_at = clock_timestamp(),
       ended_at = CASE WHEN $5 THEN clock_timestamp() END WHERE id = $1 RETURNING fleet_id`,
    [rotationId, expectedSequence + events.length, status, phase, ended],
  );
  if (decidedGenerationId !== null || rotated) {
    await session.count(
      `UPDATE fleets SET generation_id = coalesce($2::uuid, generation_id),
         last_rotated_at = CASE WHEN $3 THEN clock_timestamp() ELSE last_rotated_at END WHERE id = $1`,
      [row?.fleet_id, decidedGenerationId, rotated],
    );
  }
  if (ended) await session.count('DELETE FROM locks WHERE rotation_id = $1', [rotationId]);
}

export function toEntry(row: EntryRow): JournalEntry {
  return { sequence: row.sequence, at: row.at.toISOString(), event: row.event };
}

function endedAlready(rotationId: string): PortError {
  return new PortError({
    code: 'rotation.ended',
    message: `Rotation ${rotationId} has ended; nothing more can be written to its journal.`,
    nextStep: 'Read the rotation again, and start another one where something is left to do.',
  });
}
