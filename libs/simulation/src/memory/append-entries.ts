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
import { frozenCopy } from './frozen-copy.js';
import type { MemoryDatabase } from './memory-database.js';
import type { FleetRow, RotationRow } from './rows.js';

/** All checks, in PostgreSQL's order, and only then the first change: all or nothing. */
export function appendEntries(database: MemoryDatabase, append: Append): readonly JournalEntry[] {
  const { rotationId, expectedSequence, lease, events, projection, notAfter } = append;
  const rotation = database.rotation(rotationId);
  if (events.length === 0) throw new RangeError('an append needs at least one event');
  if (rotation.entries.length !== expectedSequence) throw new JournalConflict(rotationId);
  if (rotation.endedAt !== null) throw endedAlready(rotationId);
  if (lease !== null && !isNewest(database, rotation, lease)) throw new LeaseLost(lease);
  if (notAfter !== null && database.now() > notAfter) throw new AppendTooLate(rotationId);
  const decided = projection.fleets.map(({ fleetId, decidedGenerationId }) => ({
    fleet: database.fleet(fleetId),
    decidedGenerationId,
  }));
  for (const one of decided) requireOwn(one.fleet, one.decidedGenerationId);
  const entries = addEntries(database, rotation, events);
  project(database, rotation, projection);
  for (const one of decided) projectFleet(database, one.fleet, { ...one, projection, rotationId });
  for (const { fleet } of decided) projectObserved(database, fleet, projection);
  database.notify(rotationId);
  return entries;
}

export function isNewest(database: MemoryDatabase, rotation: RotationRow, lease: Lease): boolean {
  const newest = rotation.leases.get(lease.scope);
  return (
    newest?.term === lease.term &&
    // A database that was restored may give one term to two: to a worker of before, and to one of now.
    newest.holder === lease.holder &&
    rotation.epoch === lease.epoch &&
    database.installation === lease.installation
  );
}

/** Without any check. */
export function addEntries(
  database: MemoryDatabase,
  rotation: RotationRow,
  events: readonly RotationEvent[],
): readonly JournalEntry[] {
  const at = new Date(database.now()).toISOString();
  const last = rotation.entries.length;
  const entries = events.map((event, index) =>
    Object.freeze({ sequence: last + index + 1, at, event: frozenCopy(event) }),
  );
  rotation.entries.push(...entries);
  return entries;
}

function requireOwn(fleet: FleetRow, decidedGenerationId: string | null): void {
  if (decidedGenerationId === null) return;
  if (fleet.generations.some(({ id }) => id === decidedGenerationId)) return;
  throw new Error(`fleet ${fleet.id} has no generation ${decidedGenerationId}`);
}

function project(database: MemoryDatabase, rotation: RotationRow, projection: Projection): void {
  rotation.status = projection.status;
  rotation.phase = projection.phase;
  if (!projection.ended) return;
  rotation.endedAt = database.now();
  for (const [key, lock] of database.locks) {
    if (lock.rotationId === rotation.id) database.locks.delete(key);
  }
}

function projectFleet(
  database: MemoryDatabase,
  fleet: FleetRow,
  told: { decidedGenerationId: string | null; projection: Projection; rotationId: string },
): void {
  const { decidedGenerationId, projection, rotationId } = told;
  fleet.generationId = decidedGenerationId ?? fleet.generationId;
  if (projection.rotated) fleet.lastRotatedAt = database.now();
  if (projection.rehearsed) fleet.lastRehearsedAt = database.now();
  fleet.distrusted = [
    ...fleet.distrusted,
    ...projection.distrusted.map((anchor) => ({ anchor, rotationId })),
  ].filter(({ anchor }) => !projection.retrusted.includes(anchor));
  const host = fleet.hosts.find(({ record }) => record.id === projection.decommissionedHostId);
  if (host !== undefined) host.decommissionedAt ??= database.now();
}

function projectObserved({ looks }: MemoryDatabase, fleet: FleetRow, { observed }: Projection): void {
  for (const { hostId, generationId, at: time } of observed) {
    const host = fleet.hosts.find(({ record }) => record.id === hostId);
    const generation = fleet.generations.find(({ id }) => id === generationId);
    const [at, last] = [Date.parse(time), looks.get(hostId)];
    if (host === undefined || generation === undefined || (last !== undefined && last.at > at)) continue;
    const files = host.record.managedPaths.map((path) => ({ path, digest: generation.digest }));
    const seen = { hostId, generationId, at, seenAt: at, files, listeners: [], problems: [] };
    looks.set(hostId, { ...seen, state: 'in-sync' });
  }
}

function endedAlready(rotationId: string): PortError {
  return new PortError({
    code: 'rotation.ended',
    message: `Rotation ${rotationId} has ended; nothing more can be written to its journal.`,
    nextStep: 'Read the rotation again, and start another one where something is left to do.',
  });
}
