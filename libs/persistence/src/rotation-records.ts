import { type DataSource, In } from 'typeorm';
import type { RotationPhase, RotationStatus } from '#rotation';
import { Database } from './database.js';
import { RotationEntity } from './entities/rotation.entity.js';
import { isId } from './ids.js';
import { notFound } from './not-found.js';
import { decodeCursor, type Page, type PageRequest, toPage } from './page.js';

/** A rotation as lists show it; its journal tells the rest. */
export interface RotationView {
  readonly id: string;
  readonly fleetId: string;
  readonly epoch: number;
  readonly status: RotationStatus;
  readonly phase: RotationPhase;
  /** Sequence of the newest journal entry. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly endedAt: Date | null;
}

export interface RotationFilter {
  readonly fleetId?: string;
  /** Empty or left out: all. */
  readonly statuses?: readonly RotationStatus[];
  /** Only those that move no other fleets; null or left out: all. */
  readonly within?: readonly string[] | null;
}

/** Rotations as people list them. */
export class RotationRecords {
  private readonly database: Database;

  constructor(dataSource: DataSource) {
    this.database = new Database(dataSource);
  }

  /** Newest first. Throws PortError `page.bad-cursor`; a fleet that does not exist has no rotations. */
  async listRotations(filter: RotationFilter, { cursor, limit }: PageRequest): Promise<Page<RotationView>> {
    const before = cursor === null ? null : decodeCursor(cursor);
    const { fleetId, statuses = [], within = null } = filter;
    if (fleetId !== undefined && !isId(fleetId)) return { items: [], nextCursor: null };
    const rows = await this.database.statement(({ manager }) => {
      const query = manager.createQueryBuilder(RotationEntity, 'rotation');
      if (fleetId !== undefined) {
        query.andWhere('(rotation.fleetId = :fleetId OR :fleetId = ANY (rotation.otherFleetIds))', {
          fleetId,
        });
      }
      if (within !== null) {
        query.andWhere('(rotation.fleetId = ANY (:within) AND rotation.otherFleetIds <@ :within::uuid[])', {
          within,
        });
      }
      if (statuses.length > 0) query.andWhere({ status: In(statuses) });
      if (before !== null)
        query.andWhere('(rotation.createdAt, rotation.id) < (:createdAt, :id)', { ...before });
      return query
        .orderBy('rotation.createdAt', 'DESC')
        .addOrderBy('rotation.id', 'DESC')
        .limit(limit + 1)
        .getMany();
    });
    return toPage(rows, limit, (row) => row);
  }

  /** Ids of the fleets that it moves. Throws PortError `rotation.not-found`. */
  async fleetsOf(rotationId: string): Promise<readonly string[]> {
    const { fleetId, otherFleetIds } = await this.rowOf(rotationId);
    return [fleetId, ...otherFleetIds];
  }

  /** Throws PortError `rotation.not-found`. */
  getRotation(rotationId: string): Promise<RotationView> {
    return this.rowOf(rotationId);
  }

  private async rowOf(rotationId: string): Promise<RotationEntity> {
    if (!isId(rotationId)) throw notFound('rotation', rotationId);
    const row = await this.database.statement(({ manager }) =>
      manager.findOneBy(RotationEntity, { id: rotationId }),
    );
    if (row === null) throw notFound('rotation', rotationId);
    return row;
  }
}
