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
import { anchorJournal } from './journal-anchor.js';
import { notFound } from './not-found.js';
import { projectObserved } from './observed-projection.js';

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
  const { rotationId, expectedSequence } = append;
  const [rotation] = await session.rows<{ version: number; ended: boolean }>(
    'SELECT version, ended_at IS NOT NULL AS ended FROM rotations WHERE id = $1 FOR NO KEY UPDATE',
    [rotationId],
  );
  if (rotation === undefined) throw notFound('rotation', rotationId);
  if (rotation.version !== expectedSequence) return landedBefore(session, append);
  if (rotation.ended) throw endedAlready(rotationId);
  const entries = await insertUnderLease(session, append);
  await project(session, append);
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

/** A row when the lease is the newest of its scope; $1 is the rotation, and five parameters from `first` on are the lease. */
function newestLease(first: number): string {
  return `SELECT 1 FROM leases JOIN rotations ON rotations.id = leases.rotation_id, installation
    WHERE rotations.id = $1 AND scope = $${first} AND leases.term = $${first + 1} AND rotations.epoch = $${first + 2}
      AND installation.installation::text = $${first + 3} AND leases.holder = $${first + 4}`;
}

/** Says why nothing was inserted. */
async function requireNewest(session: Session, rotationId: string, lease: Lease): Promise<void> {
  const { scope, term, epoch, installation, holder } = lease;
  const parameters = [rotationId, scope, term, epoch, installation, holder];
  const newest = await session.rows(newestLease(2), parameters);
  if (newest.length === 0) throw new LeaseLost(lease);
}

type Entries = Pick<NamedAppend, 'rotationId' | 'expectedSequence' | 'events' | 'appendId' | 'notAfter'>;

/** Asks the clock in the insert itself: whatever comes before it, a wait for a lock above all, takes time. */
const INSERT = `INSERT INTO journal_entries (rotation_id, sequence, append_id, type, event)
  SELECT $1, $2 + n, $3, type, event::json FROM unnest($4::text[], $5::text[]) WITH ORDINALITY AS e (type, event, n)
  WHERE ($6::numeric IS NULL OR extract(epoch FROM clock_timestamp()) * 1000 <= $6::numeric)`;

function insertParameters({ rotationId, expectedSequence, events, appendId, notAfter }: Entries): unknown[] {
  const types = events.map((event) => event.type);
  const texts = events.map((event) => JSON.stringify(event));
  return [rotationId, expectedSequence, appendId, types, texts, notAfter];
}

export async function insertEntries(session: Session, append: Entries): Promise<readonly JournalEntry[]> {
  const rows = await session.rows<EntryRow>(
    `${INSERT} RETURNING sequence, at, event`,
    insertParameters(append),
  );
  if (rows.length < append.events.length) throw new AppendTooLate(append.rotationId);
  return inOrder(rows);
}

function inOrder(rows: readonly EntryRow[]): readonly JournalEntry[] {
  return rows.map(toEntry).sort((a, b) => a.sequence - b.sequence);
}

/**
 * The entries, the row of the rotation and the hint in one statement behind the lock: on a busy machine each way to
 * the database and back takes long, and hosts wait for it. It sees every takeover that the lock waited for.
 */
async function insertUnderLease(session: Session, append: NamedAppend): Promise<readonly JournalEntry[]> {
  const { rotationId, expectedSequence, events, lease, projection } = append;
  const rows = await session.rows<EntryRow>(
    `WITH inserted AS (
       ${INSERT} AND ($7::text IS NULL OR EXISTS (${newestLease(7)})) RETURNING sequence, at, event
     ), projected AS (
       UPDATE rotations SET version = $12::integer, status = $13, phase = $14, updated_at = clock_timestamp(),
         ended_at = CASE WHEN $15::boolean THEN clock_timestamp() END
       WHERE id = $1 AND EXISTS (SELECT 1 FROM inserted)
     ), told AS MATERIALIZED (SELECT pg_notify($16, $17) WHERE EXISTS (SELECT 1 FROM inserted))
     SELECT sequence, at, event FROM inserted, told`,
    [
      ...insertParameters(append),
      ...[lease?.scope ?? null, lease?.term, lease?.epoch, lease?.installation, lease?.holder],
      ...[expectedSequence + events.length, projection.status, projection.phase, projection.ended],
      ...[JOURNAL_CHANNEL, rotationId],
    ],
  );
  if (rows.length === events.length) return inOrder(rows);
  if (lease !== null) await requireNewest(session, rotationId, lease);
  throw new AppendTooLate(rotationId);
}

async function project(session: Session, { rotationId, projection }: NamedAppend): Promise<void> {
  await projectFleets(session, rotationId, projection);
  await projectHosts(session, projection);
  await projectObserved(session, projection);
  if (!projection.ended) return;
  await session.count('DELETE FROM locks WHERE rotation_id = $1', [rotationId]);
  const fleetIds = projection.fleets.map(({ fleetId }) => fleetId);
  await anchorJournal(session, rotationId, { status: projection.status, fleetIds });
}

async function projectFleets(session: Session, rotationId: string, projection: Projection): Promise<void> {
  const { fleets, rotated, rehearsed, distrusted, retrusted } = projection;
  const gone = JSON.stringify(distrusted.map((anchor) => ({ anchor, rotationId })));
  for (const { fleetId, decidedGenerationId } of fleets) {
    const told = rotated || rehearsed || distrusted.length + retrusted.length > 0;
    if (decidedGenerationId === null && !told) continue;
    await session.count(
      `UPDATE fleets SET generation_id = coalesce($2::uuid, generation_id),
         last_rotated_at = CASE WHEN $3 THEN clock_timestamp() ELSE last_rotated_at END,
         last_rehearsed_at = CASE WHEN $4 THEN clock_timestamp() ELSE last_rehearsed_at END,
         distrusted = (SELECT coalesce(jsonb_agg(one ORDER BY place), '[]')
           FROM jsonb_array_elements(distrusted || $5::jsonb) WITH ORDINALITY AS all_of (one, place)
           WHERE one->>'anchor' <> ALL ($6::text[]))
       WHERE id = $1`,
      [fleetId, decidedGenerationId, rotated, rehearsed, gone, retrusted],
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
