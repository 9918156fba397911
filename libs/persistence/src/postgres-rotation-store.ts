import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { type IssuedLeaf, type LeafRole, PortError, RotationStore, type SecretBox } from '#engine';
import type { RotationRequested, RotationStatus } from '#rotation';
import { appendAudit, bySystem } from './audit-append.js';
import { Database, violates } from './database.js';
import { ProbeLeafEntity } from './entities/probe-leaf.entity.js';
import { isId } from './ids.js';
import { installationId } from './installation-id.js';
import { notFound } from './not-found.js';
import { createOnce, throwIfHeld } from './rotation-creation.js';
import { sealContext } from './sealed-columns.js';

type NewRotation = Parameters<RotationStore['create']>[0];

/**
 * Rotations in PostgreSQL. Beyond the port's errors it throws PortError `fleet.not-found`,
 * `rotation.exists` and `database.unreachable` (transient).
 */
export class PostgresRotationStore extends RotationStore {
  private readonly database: Database;

  constructor(
    dataSource: DataSource,
    private readonly box: SecretBox,
  ) {
    super();
    this.database = new Database(dataSource);
  }

  override installation(): Promise<string> {
    return this.database.statement(installationId);
  }

  override async nextEpoch(): Promise<number> {
    const [row] = await this.database.statement((session) =>
      session.rows<{ epoch: string }>('UPDATE installation SET epoch = epoch + 1 RETURNING epoch'),
    );
    return Number(row?.epoch);
  }

  override async raiseEpoch(epoch: number): Promise<void> {
    await this.database.transaction(async (session) => {
      const raised = await session.count('UPDATE installation SET epoch = $1 WHERE epoch < $1', [epoch]);
      const fact = bySystem({ operation: 'epoch.raised', subjects: [], details: { epoch } });
      if (raised > 0) await appendAudit(session, [fact]);
    });
  }

  override async create(rotation: NewRotation, requested: RotationRequested): Promise<void> {
    const appendId = randomUUID();
    try {
      await this.database.settle((session) => createOnce(session, rotation, requested, appendId));
    } catch (error) {
      if (violates(error, 'rotations_fleet_id_fkey')) throw notFound('fleet', rotation.fleetId);
      if (violates(error, 'rotations_schedule_id_schedule_tick_at_key')) throw tickServed(rotation);
      if (violates(error, 'rotations_schedule_id_fkey'))
        throw notFound('schedule', rotation.tick?.scheduleId ?? '');
      throw error;
    }
  }

  override refuseHeld(locks: NewRotation['locks']): Promise<void> {
    return this.database.statement((session) => throwIfHeld(session, locks));
  }

  override async active(): Promise<readonly string[]> {
    const rows = await this.database.statement((session) =>
      session.rows<{ id: string }>('SELECT id FROM rotations WHERE ended_at IS NULL ORDER BY created_at, id'),
    );
    return rows.map((row) => row.id);
  }

  override async summary(rotationId: string): Promise<{ fleetId: string; status: RotationStatus } | null> {
    if (!isId(rotationId)) return null;
    const [row] = await this.database.statement((session) =>
      session.rows<{ fleetId: string; status: RotationStatus }>(
        'SELECT fleet_id AS "fleetId", status FROM rotations WHERE id = $1',
        [rotationId],
      ),
    );
    return row ?? null;
  }

  override saveLeaf(rotationId: string, role: LeafRole, leaf: IssuedLeaf): Promise<void> {
    return this.writeLeaf(rotationId, role, leaf, 'DO NOTHING');
  }

  override replaceLeaf(rotationId: string, role: LeafRole, leaf: IssuedLeaf): Promise<void> {
    const columns = ['certificate_pem', 'chain_pem', 'private_key', 'issuer_pem'];
    const set = columns.map((column) => `${column} = excluded.${column}`).join(', ');
    return this.writeLeaf(rotationId, role, leaf, `(rotation_id, role) DO UPDATE SET ${set}`);
  }

  private async writeLeaf(
    rotationId: string,
    role: LeafRole,
    leaf: IssuedLeaf,
    onConflict: string,
  ): Promise<void> {
    const { certificatePem, chainPem, issuerPem } = leaf;
    const privateKey = this.box.seal(leaf.privateKey.reveal(), leafContext(rotationId, role));
    await this.database.statement((session) =>
      session.count(
        `INSERT INTO probe_leaves (rotation_id, role, certificate_pem, chain_pem, private_key, issuer_pem)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT ${onConflict}`,
        [rotationId, role, certificatePem, chainPem, privateKey, issuerPem],
      ),
    );
  }

  override async leaf(rotationId: string, role: LeafRole): Promise<IssuedLeaf | null> {
    if (!isId(rotationId)) return null;
    const row = await this.database.statement((session) =>
      session.manager.findOneBy(ProbeLeafEntity, { rotationId, role }),
    );
    if (row === null) return null;
    const { certificatePem, chainPem, issuerPem } = row;
    return {
      certificatePem,
      chainPem,
      issuerPem,
      privateKey: this.box.open(row.privateKey, leafContext(rotationId, role)),
    };
  }
}

function leafContext(rotationId: string, role: LeafRole): string {
  return sealContext('probe_leaves.private_key', `${rotationId}/${role}`);
}

function tickServed({ tick }: NewRotation): PortError {
  return new PortError({
    code: 'schedule.tick-served',
    message: `Schedule ${tick?.scheduleId} has started a rotation for this tick already.`,
    nextStep: 'List the rotations of the fleet to find it.',
  });
}
