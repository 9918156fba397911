import { type DataSource, IsNull } from 'typeorm';
import { type Schedule, ScheduleStore, type StartedRotation, type Suspension, type TickNote } from '#engine';
import type { RotationStatus } from '#rotation';
import { appendAudit, bySystem } from './audit-append.js';
import { Database } from './database.js';
import { ScheduleEntity } from './entities/schedule.entity.js';
import { isId } from './ids.js';
import { toSchedule } from './stored-schedule.js';

interface StartedRow {
  readonly scheduleId: string;
  readonly id: string;
  readonly status: RotationStatus;
  readonly tickAt: Date;
}

const NEWEST_OF_EACH = `
SELECT DISTINCT ON (schedule_id) schedule_id AS "scheduleId", id, status, schedule_tick_at AS "tickAt"
  FROM rotations WHERE schedule_id IS NOT NULL ORDER BY schedule_id, epoch DESC`;

/** Schedules in PostgreSQL. Throws PortError `database.unreachable` (transient). */
export class PostgresScheduleStore extends ScheduleStore {
  private readonly database: Database;

  constructor(dataSource: DataSource) {
    super();
    this.database = new Database(dataSource);
  }

  override async schedules(): Promise<readonly Schedule[]> {
    const order = { createdAt: 'ASC', id: 'ASC' } as const;
    const rows = await this.database.statement(({ manager }) => manager.find(ScheduleEntity, { order }));
    return rows.map(toSchedule);
  }

  override async schedule(scheduleId: string): Promise<Schedule | null> {
    if (!isId(scheduleId)) return null;
    const row = await this.database.statement(({ manager }) =>
      manager.findOneBy(ScheduleEntity, { id: scheduleId }),
    );
    return row === null ? null : toSchedule(row);
  }

  override async due(now: number): Promise<readonly string[]> {
    const rows = await this.database.statement((session) =>
      session.rows<{ id: string }>(
        `SELECT id FROM schedules WHERE enabled AND (next_tick_at IS NULL OR next_tick_at <= $1)
           AND (claimed_until IS NULL OR claimed_until <= $1) ORDER BY next_tick_at, id`,
        [new Date(now)],
      ),
    );
    return rows.map(({ id }) => id);
  }

  override async plan(scheduleId: string, nextTickAt: number): Promise<boolean> {
    const unplanned = { id: scheduleId, nextTickAt: IsNull() };
    const { affected } = await this.database.statement(({ manager }) =>
      manager.update(ScheduleEntity, unplanned, { nextTickAt: new Date(nextTickAt) }),
    );
    return affected === 1;
  }

  override async claim(scheduleId: string, tickAt: number, now: number, until: number): Promise<boolean> {
    const taken = await this.database.statement((session) =>
      session.count(
        `UPDATE schedules SET claimed_until = $4 WHERE id = $1 AND enabled AND next_tick_at = $2
           AND (claimed_until IS NULL OR claimed_until <= $3)`,
        [scheduleId, new Date(tickAt), new Date(now), new Date(until)],
      ),
    );
    return taken === 1;
  }

  override async note(scheduleId: string, tickAt: number, note: TickNote): Promise<void> {
    const { at, outcome, nextTickAt, drift, servedAlertAt } = note;
    await this.database.statement((session) =>
      session.count(
        `UPDATE schedules SET last_tick_at = $3, last_outcome = $4, last_drift = coalesce($5::jsonb, last_drift),
           claimed_until = NULL, next_tick_at = CASE WHEN next_tick_at = $2 THEN $6 ELSE next_tick_at END,
           alerted_at = CASE WHEN alerted_at = $7::timestamptz THEN NULL ELSE alerted_at END
         WHERE id = $1`,
        [
          ...[scheduleId, new Date(tickAt), new Date(at), outcome, drift ? JSON.stringify(drift) : null],
          nextTickAt === null ? null : new Date(nextTickAt),
          servedAlertAt === undefined ? null : new Date(servedAlertAt),
        ],
      ),
    );
  }

  override async lastStarted(scheduleId: string): Promise<StartedRotation | null> {
    if (!isId(scheduleId)) return null;
    const [row] = await this.database.statement((session) =>
      session.rows<StartedRow>(`SELECT * FROM (${NEWEST_OF_EACH}) AS newest WHERE "scheduleId" = $1`, [
        scheduleId,
      ]),
    );
    return row === undefined ? null : toStarted(row);
  }

  override async stoppedBy(statuses: readonly string[]) {
    const rows = await this.database.statement((session) =>
      session.rows<StartedRow>(
        `SELECT newest.* FROM (${NEWEST_OF_EACH}) AS newest JOIN schedules ON schedules.id = "scheduleId"
          WHERE suspended_at IS NULL AND newest.status = ANY ($1::text[])
            AND newest.id IS DISTINCT FROM resumed_rotation_id ORDER BY "scheduleId"`,
        [statuses],
      ),
    );
    return rows.map((row) => ({ scheduleId: row.scheduleId, rotation: toStarted(row) }));
  }

  override async suspend(scheduleId: string, { at, rotationId, status }: Suspension): Promise<void> {
    await this.database.transaction(async (session) => {
      const suspended = await session.count(
        `UPDATE schedules SET suspended_at = $2, suspended_rotation_id = $3, suspended_status = $4
          WHERE id = $1 AND suspended_at IS NULL AND resumed_rotation_id IS DISTINCT FROM $3`,
        [scheduleId, new Date(at), rotationId, status],
      );
      const subjects = [`schedule:${scheduleId}`, `rotation:${rotationId}`];
      const fact = bySystem({ operation: 'schedule.suspended', subjects, details: { status } });
      if (suspended > 0) await appendAudit(session, [fact]);
    });
  }

  override async rotatedSince(fleetId: string, at: number): Promise<boolean> {
    const rows = await this.database.statement((session) =>
      session.rows('SELECT 1 FROM fleets WHERE id = $1 AND last_rotated_at > $2', [fleetId, new Date(at)]),
    );
    return rows.length > 0;
  }

  override async rotationOn(fleetId: string): Promise<string | null> {
    const [row] = await this.database.statement((session) =>
      session.rows<{ id: string }>('SELECT rotation_id AS id FROM locks WHERE key = $1', [
        `fleet:${fleetId}`,
      ]),
    );
    return row?.id ?? null;
  }
}

function toStarted({ id, status, tickAt }: StartedRow): StartedRotation {
  return { id, status, tickAt: tickAt.getTime() };
}
