import type { AuditFact } from '#audit-chain';
import { GenerationSuperseded, PortError, ResourceHeld, type RotationStore } from '#engine';
import { fleetsOf, type RotationRequested, type RotationSnapshot } from '#rotation';
import { appendAudit, bySystem } from './audit-append.js';
import type { Session } from './database.js';
import { holdWays } from './issuing-ca-ways.js';
import { insertEntries, JOURNAL_CHANNEL } from './journal-append.js';

type NewRotation = Parameters<RotationStore['create']>[0];

/** One try to create a rotation with its first entry and its locks; does nothing when it landed before. */
export async function createOnce(
  session: Session,
  rotation: NewRotation,
  requested: RotationRequested,
  appendId: string,
): Promise<void> {
  const { id, fleetId, otherFleetIds = [], epoch, tick } = rotation;
  // Waits for a lost transaction of ours that may still commit.
  const inserted = await session.count(
    `INSERT INTO rotations
       (id, fleet_id, other_fleet_ids, epoch, schedule_id, schedule_tick_at, status, phase, version)
     VALUES ($1, $2, $3::uuid[], $4, $5, $6, 'pending', 'preflight', 1) ON CONFLICT (id) DO NOTHING`,
    [id, fleetId, otherFleetIds, epoch, tick?.scheduleId ?? null, tick ? new Date(tick.at) : null],
  );
  if (inserted === 0) return requireOurs(session, id, appendId);
  await takeLocks(session, rotation);
  await holdWays(session, [fleetId, ...otherFleetIds]);
  await requireCurrent(session, requested.snapshot);
  const first = { rotationId: id, expectedSequence: 0, events: [requested], appendId, notAfter: null };
  await insertEntries(session, first);
  await session.rows('SELECT pg_notify($1, $2)', [JOURNAL_CHANNEL, id]);
  if (tick) await appendAudit(session, [startedBySchedule(rotation, tick.scheduleId, requested)]);
}

/** Nobody's request stands in the audit log for it. */
function startedBySchedule(
  { id, fleetId, otherFleetIds = [] }: NewRotation,
  scheduleId: string,
  { snapshot: { strategy, epoch, reason } }: RotationRequested,
): AuditFact {
  const fleets = [fleetId, ...otherFleetIds].map((one) => `fleet:${one}`);
  return bySystem({
    ...{ actor: `schedule:${scheduleId}`, operation: 'rotation.started', reason },
    subjects: [`rotation:${id}`, ...fleets, `schedule:${scheduleId}`],
    details: { strategy: strategy ?? 'overlap', epoch },
  });
}

async function requireOurs(session: Session, id: string, appendId: string): Promise<void> {
  const ours = await session.rows('SELECT 1 FROM journal_entries WHERE rotation_id = $1 AND append_id = $2', [
    id,
    appendId,
  ]);
  if (ours.length > 0) return;
  throw new PortError({
    code: 'rotation.exists',
    message: `There is a rotation ${id} already.`,
    nextStep: 'Read it, or ask again without an id.',
  });
}

/** In one order for everybody, so that two that want the same things cannot wait for each other. */
async function takeLocks(session: Session, { id, locks }: NewRotation): Promise<void> {
  for (let missing = [...locks]; missing.length > 0; ) {
    const taken = await session.rows<{ key: string }>(
      `INSERT INTO locks (key, label, rotation_id)
       SELECT key, label, $1 FROM unnest($2::text[], $3::text[]) AS l (key, label) ORDER BY key
       ON CONFLICT (key) DO NOTHING RETURNING key`,
      [id, missing.map((lock) => lock.key), missing.map((lock) => lock.label)],
    );
    const keys = new Set(taken.map((row) => row.key));
    missing = missing.filter((lock) => !keys.has(lock.key));
    await throwIfHeld(session, missing);
  }
}

/** Returns when what stood in the way has gone between the two statements: its rotation has just ended. */
export async function throwIfHeld(session: Session, missing: NewRotation['locks']): Promise<void> {
  if (missing.length === 0) return;
  const [holder] = await session.rows<{ key: string; rotationId: string }>(
    'SELECT key, rotation_id AS "rotationId" FROM locks WHERE key = ANY ($1::text[]) ORDER BY key LIMIT 1',
    [missing.map((lock) => lock.key)],
  );
  if (holder === undefined) return;
  const label = missing.find((lock) => lock.key === holder.key)?.label ?? holder.key;
  throw new ResourceHeld(label, holder.rotationId);
}

/** Only who holds a fleet's lock changes its generation, so what is current now stays so until the rotation does. */
async function requireCurrent(session: Session, snapshot: RotationSnapshot): Promise<void> {
  const fleets = fleetsOf(snapshot);
  const current = await session.rows<{ id: string; generationId: string }>(
    'SELECT id, generation_id AS "generationId" FROM fleets WHERE id = ANY ($1::uuid[])',
    [fleets.map(({ fleetId }) => fleetId)],
  );
  const generations = new Map(current.map(({ id, generationId }) => [id, generationId]));
  const superseded = fleets.find(({ fleetId, old }) => generations.get(fleetId) !== old.id);
  if (superseded !== undefined) throw new GenerationSuperseded(superseded.fleetName);
}
