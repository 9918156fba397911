import { type DataSource, In } from 'typeorm';
import type { RotationEvent, RotationPhase, RotationStatus, Strategy } from '#rotation';
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

/** An entry of a journal as it is listed. */
export interface HistoryEntry {
  readonly sequence: number;
  readonly at: Date;
  readonly type: string;
  readonly event?: RotationEvent;
}

export interface RotationFilter {
  readonly fleetId?: string;
  /** Empty or left out: all. */
  readonly statuses?: readonly RotationStatus[];
  /** Only those that move no other fleets; null or left out: all. */
  readonly within?: readonly string[] | null;
  readonly strategies?: readonly Strategy[];
}

/** What was asked for is in the first entry of the journal and nowhere else. */
const OF_STRATEGY = `EXISTS (
  SELECT 1 FROM journal_entries AS first
  WHERE first.rotation_id = rotation.id AND first.sequence = 1
    AND first.event -> 'snapshot' ->> 'strategy' = ANY (:strategies::text[]))`;

/** Rotations as people list them. */
export class RotationRecords {
  private readonly database: Database;

  constructor(dataSource: DataSource) {
    this.database = new Database(dataSource);
  }

  /** Newest first. Throws PortError `page.bad-cursor`; a fleet that does not exist has no rotations. */
  async listRotations(filter: RotationFilter, { cursor, limit }: PageRequest): Promise<Page<RotationView>> {
    const before = cursor === null ? null : decodeCursor(cursor);
    const { fleetId, statuses = [], strategies = [], within = null } = filter;
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
      if (strategies.length > 0) query.andWhere(OF_STRATEGY, { strategies });
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

  /**
   * So many entries of its journal behind `after`, oldest first; `events`: with what was recorded. Throws PortError
   * `rotation.not-found`.
   */
  async history(
    rotationId: string,
    { after, limit, events }: { readonly after: number; readonly limit: number; readonly events: boolean },
  ): Promise<readonly HistoryEntry[]> {
    if (!isId(rotationId)) throw notFound('rotation', rotationId);
    const columns = `sequence, at, type${events ? ', event' : ''}`;
    const entries = await this.database.statement((session) =>
      session.rows<HistoryEntry>(
        `SELECT ${columns} FROM journal_entries WHERE rotation_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`,
        [rotationId, after, limit],
      ),
    );
    // Where there is an entry there is a rotation.
    if (entries.length === 0) await this.getRotation(rotationId);
    return entries;
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
