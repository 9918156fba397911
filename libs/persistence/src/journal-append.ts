import {
  type Append,
  AppendTooLate,
  JournalConflict,
  type JournalEntry,
  type Lease,
  LeaseLost,
  PortError,
  type Projection,
} from '#engine';
import type { RotationEvent } from '#rotation';
import type { Session } from './database.js';
import { notFound } from './not-found.js';

export const JOURNAL_CHANNEL = 'windlass_journal';

export interface NamedAppend extends Append {
  /** Names this append in its entries, so that a repeat finds out whether it has landed already. */
  readonly appendId: string;
}

interface EntryRow {
  sequence: number;
  at: Date;
  event: RotationEvent;
}

/**
 * One try of an append. The lock on the rotation's row orders appends and takeovers, and it outlives a lost
 * client exactly as long as that client's transaction may still commit.
 */
export async function appendOnce(session: Session, append: NamedAppend): Promise<readonly JournalEntry[]> {
  const { rotationId, expectedSequence, lease } = append;
  const [rotation] = await session.rows<{ version: number; ended: boolean }>(
    'SELECT version, ended_at IS NOT NULL AS ended FROM rotations WHERE id = $1 FOR NO KEY UPDATE',
    [rotationId],
  );
  if (rotation === undefined) throw notFound('rotation', rotationId);
  if (rotation.version !== expectedSequence) return landedBefore(session, append);
  if (rotation.ended) throw endedAlready(rotationId);
  if (lease !== null) await requireNewest(session, rotationId, lease);
  const entries = await insertEntries(session, append);
  await project(session, append);
  await session.rows('SELECT pg_notify($1, $2)', [JOURNAL_CHANNEL, rotationId]);
  return entries;
}

/** Our own entries when an earlier try landed though its COMMIT went unanswered. */
async function landedBefore(session: Session, append: NamedAppend): Promise<readonly JournalEntry[]> {
  const rows = await session.rows<EntryRow>(
    'SELECT sequence, at, event FROM journal_entries WHERE rotation_id = $1 AND append_id = $2 ORDER BY sequence',
    [append.rotationId, append.appendId],
  );
  if (rows.length === 0) throw new JournalConflict(append.rotationId);
  return rows.map(toEntry);
}

/** A statement of its own behind the lock: it sees every takeover that the lock waited for. */
async function requireNewest(session: Session, rotationId: string, lease: Lease): Promise<void> {
  const newest = await session.rows(
    `SELECT 1 FROM leases JOIN rotations ON rotations.id = leases.rotation_id, installation
     WHERE rotations.id = $1 AND scope = $2 AND leases.term = $3 AND rotations.epoch = $4
       AND installation.installation::text = $5 AND leases.holder = $6`,
    [rotationId, lease.scope, lease.term, lease.epoch, lease.installation, lease.holder],
  );
  if (newest.length === 0) throw new LeaseLost(lease);
}

/** Asks the clock in the insert itself: whatever comes before it, a wait for a lock above all, takes time. */
export async function insertEntries(
  session: Session,
  append: Pick<NamedAppend, 'rotationId' | 'expectedSequence' | 'events' | 'appendId' | 'notAfter'>,
): Promise<readonly JournalEntry[]> {
  const { rotationId, expectedSequence, events, appendId, notAfter } = append;
  const types = events.map((event) => event.type);
  const texts = events.map((event) => JSON.stringify(event));
  const rows = await session.rows<EntryRow>(
    `INSERT INTO journal_entries (rotation_id, sequence, append_id, type, event)
     SELECT $1, $2 + n, $3, type, event::json FROM unnest($4::text[], $5::text[]) WITH ORDINALITY AS e (type, event, n)
     WHERE $6::numeric IS NULL OR extract(epoch FROM clock_timestamp()) * 1000 <= $6::numeric
     RETURNING sequence, at, event`,
    [rotationId, expectedSequence, appendId, types, texts, notAfter],
  );
  if (rows.length < events.length) throw new AppendTooLate(rotationId);
  return rows.map(toEntry).sort((a, b) => a.sequence - b.sequence);
}

async function project(session: Session, append: NamedAppend): Promise<void> {
  const { rotationId, expectedSequence, events, projection } = append;
  const { status, phase, ended } = projection;
  await session.count(
    `UPDATE rotations SET version = $2, status = $3, phase = $4, updated_at = clock_timestamp(),
       ended_at = CASE WHEN $5 THEN clock_timestamp() END WHERE id = $1`,
    [rotationId, expectedSequence + events.length, status, phase, ended],
  );
  await projectFleets(session, projection);
  await projectHosts(session, projection);
  if (ended) await session.count('DELETE FROM locks WHERE rotation_id = $1', [rotationId]);
}

async function projectFleets(session: Session, { fleets, rotated }: Projection): Promise<void> {
  for (const { fleetId, decidedGenerationId } of fleets) {
    if (decidedGenerationId === null && !rotated) continue;
    await session.count(
      `UPDATE fleets SET generation_id = coalesce($2::uuid, generation_id),
         last_rotated_at = CASE WHEN $3 THEN clock_timestamp() ELSE last_rotated_at END WHERE id = $1`,
      [fleetId, decidedGenerationId, rotated],
    );
  }
}

async function projectHosts(session: Session, { fleets, decommissionedHostId }: Projection): Promise<void> {
  if (decommissionedHostId === null) return;
  // A host that was removed since is out of the fleet already.
  await session.count(
    `UPDATE hosts SET decommissioned_at = coalesce(decommissioned_at, clock_timestamp())
     WHERE id::text = $1 AND fleet_id = ANY ($2::uuid[])`,
    [decommissionedHostId, fleets.map(({ fleetId }) => fleetId)],
  );
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
