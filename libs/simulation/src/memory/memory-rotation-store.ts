import {
  GenerationSuperseded,
  type IssuedLeaf,
  type LeafRole,
  PortError,
  ResourceHeld,
  RotationStore,
} from '#engine';
import { fleetsOf, type RotationRequested, type RotationSnapshot, type RotationStatus } from '#rotation';
import { addEntries } from './append-entries.js';
import type { MemoryDatabase } from './memory-database.js';
import type { RotationRow } from './rows.js';

type NewRotation = Parameters<RotationStore['create']>[0];

/** Rotations in memory; the errors are those of PostgreSQL's store. */
export class MemoryRotationStore extends RotationStore {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async installation(): Promise<string> {
    return this.database.installation;
  }

  override async nextEpoch(): Promise<number> {
    this.database.epoch += 1;
    return this.database.epoch;
  }

  override async raiseEpoch(epoch: number): Promise<void> {
    this.database.epoch = Math.max(this.database.epoch, epoch);
  }

  override async create(rotation: NewRotation, requested: RotationRequested): Promise<void> {
    const { id, fleetId, epoch, tick = null, locks } = rotation;
    this.requireNew(rotation);
    this.requireCurrent(requested.snapshot);
    for (const { key, label } of locks) this.database.locks.set(key, { label, rotationId: id });
    const row: RotationRow = {
      ...{ id, fleetId, epoch, tick, status: 'pending', phase: 'preflight', term: 0, endedAt: null },
      ...{ entries: [], leases: new Map() },
    };
    this.database.rotations.set(id, row);
    addEntries(this.database, row, [requested]);
    this.database.notify(id);
  }

  override async refuseHeld(locks: NewRotation['locks']): Promise<void> {
    this.requireFree(locks);
  }

  override async active(): Promise<readonly string[]> {
    const rows = [...this.database.rotations.values()];
    return rows.filter((row) => row.endedAt === null).map((row) => row.id);
  }

  override async summary(rotationId: string): Promise<{ fleetId: string; status: RotationStatus } | null> {
    const row = this.database.rotations.get(rotationId);
    return row === undefined ? null : { fleetId: row.fleetId, status: row.status };
  }

  override async saveLeaf(rotationId: string, role: LeafRole, leaf: IssuedLeaf): Promise<void> {
    this.database.rotation(rotationId);
    const key = `${rotationId}/${role}`;
    if (!this.database.leaves.has(key)) this.database.leaves.set(key, leaf);
  }

  override async replaceLeaf(rotationId: string, role: LeafRole, leaf: IssuedLeaf): Promise<void> {
    this.database.rotation(rotationId);
    this.database.leaves.set(`${rotationId}/${role}`, leaf);
  }

  override async leaf(rotationId: string, role: LeafRole): Promise<IssuedLeaf | null> {
    return this.database.leaves.get(`${rotationId}/${role}`) ?? null;
  }

  private requireNew({ id, fleetId, epoch, tick, locks }: NewRotation): void {
    if (this.database.rotations.has(id)) throw existsAlready(id);
    this.database.fleet(fleetId);
    for (const row of this.database.rotations.values()) {
      if (row.epoch === epoch) throw new Error(`rotation ${row.id} has epoch ${epoch} already`);
      if (tick && row.tick?.scheduleId === tick.scheduleId && row.tick.at === tick.at)
        throw tickServed(tick.scheduleId);
    }
    this.requireFree(locks);
  }

  private requireFree(locks: NewRotation['locks']): void {
    for (const { key, label } of [...locks].sort((a, b) => (a.key < b.key ? -1 : 1))) {
      const held = this.database.locks.get(key);
      if (held !== undefined) throw new ResourceHeld(label, held.rotationId);
    }
  }

  private requireCurrent(snapshot: RotationSnapshot): void {
    const superseded = fleetsOf(snapshot).find(
      ({ fleetId, old }) => this.database.fleets.get(fleetId)?.generationId !== old.id,
    );
    if (superseded !== undefined) throw new GenerationSuperseded(superseded.fleetName);
  }
}

function existsAlready(id: string): PortError {
  return new PortError({
    code: 'rotation.exists',
    message: `There is a rotation ${id} already.`,
    nextStep: 'Read it, or ask again without an id.',
  });
}

function tickServed(scheduleId: string): PortError {
  return new PortError({
    code: 'schedule.tick-served',
    message: `Schedule ${scheduleId} has started a rotation for this tick already.`,
    nextStep: 'List the rotations of the fleet to find it.',
  });
}
