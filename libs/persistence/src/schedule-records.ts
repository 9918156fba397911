import { type DataSource, type EntityManager, In } from 'typeorm';
import { PortError } from '#engine';
import { Database } from './database.js';
import { FleetEntity } from './entities/fleet.entity.js';
import { ScheduleEntity } from './entities/schedule.entity.js';
import type { NamedScheduleView, NewSchedule, ScheduleSettings, ScheduleView } from './fleet-views.js';
import { isId, newId } from './ids.js';
import { notFound } from './not-found.js';
import { type Page, type PageRequest, readPage, toPage } from './page.js';
import { fleetRow } from './postgres-fleet-store.js';
import { dueRuleOf } from './stored-schedule.js';

/** Schedules as people record and see them. The queue ticks; these rows are the truth. */
export class ScheduleRecords {
  private readonly database: Database;

  constructor(dataSource: DataSource) {
    this.database = new Database(dataSource);
  }

  /**
   * Its first tick is worked out by whoever sees it first. Added again under the same id, it is the one that was added
   * first. Throws PortError `fleet.not-found`.
   */
  addSchedule(fleetId: string, schedule: NewSchedule, id = newId()): Promise<ScheduleView> {
    const row = { ...DEFAULTS, ...schedule, windows: [...(schedule.windows ?? [])], id, fleetId };
    return this.database.transaction(async ({ manager }) => {
      await fleetRow(manager, fleetId);
      await manager.createQueryBuilder().insert().into(ScheduleEntity).values(row).orIgnore().execute();
      return manager.findOneByOrFail(ScheduleEntity, { id: row.id });
    });
  }

  /** Oldest first. Throws PortError `fleet.not-found`, `page.bad-cursor`. */
  listSchedules(fleetId: string, page: PageRequest): Promise<Page<ScheduleView>> {
    return this.database.snapshot(async ({ manager }) => {
      await fleetRow(manager, fleetId);
      return toPage(await readPage(manager, ScheduleEntity, { fleetId }, page), page.limit, (row) => row);
    });
  }

  /** Of the fleets `within` (null: all), oldest first. Throws PortError `page.bad-cursor`. */
  listAllSchedules(page: PageRequest, within: readonly string[] | null): Promise<Page<NamedScheduleView>> {
    return this.database.snapshot(async ({ manager }) => {
      const where = within === null ? {} : { fleetId: In([...within]) };
      const rows = await readPage(manager, ScheduleEntity, where, page);
      const fleets = await manager.find(FleetEntity, {
        where: { id: In(rows.map(({ fleetId }) => fleetId)) },
        select: { id: true, name: true },
      });
      const nameOf = (fleetId: string) => fleets.find(({ id }) => id === fleetId)?.name ?? '';
      return toPage(rows, page.limit, (row) => ({ ...row, fleetName: nameOf(row.fleetId) }));
    });
  }

  /** Throws PortError `schedule.not-found`. */
  getSchedule(fleetId: string, scheduleId: string): Promise<ScheduleView> {
    return this.database.statement(({ manager }) => rowOf(manager, fleetId, scheduleId));
  }

  /**
   * Changes it to what `change` makes of it, with a next tick to be worked out anew. What `change` throws ends it
   * without a trace. Throws PortError `schedule.not-found`.
   */
  changeSchedule(
    fleetId: string,
    scheduleId: string,
    change: (now: ScheduleView) => Partial<ScheduleSettings>,
  ): Promise<ScheduleView> {
    return this.database.transaction(async (session) => {
      await session.rows('SELECT 1 FROM schedules WHERE id::text = $1 FOR NO KEY UPDATE', [scheduleId]);
      const row = await rowOf(session.manager, fleetId, scheduleId);
      const { windows, ...changed } = change(row);
      const replanned = { ...changed, ...(windows ? { windows: [...windows] } : {}), nextTickAt: null };
      await session.manager.update(ScheduleEntity, { id: scheduleId }, replanned);
      return rowOf(session.manager, fleetId, scheduleId);
    });
  }

  /**
   * Lets a suspended schedule go on: at once where the age of the CA decides, else with its next tick. Throws
   * PortError `schedule.not-found`, `schedule.not-suspended`.
   */
  resumeSchedule(
    fleetId: string,
    scheduleId: string,
    { by, because, at }: { readonly by: string; readonly because: string; readonly at: Date },
  ): Promise<ScheduleView> {
    return this.database.transaction(async (session) => {
      await session.rows('SELECT 1 FROM schedules WHERE id::text = $1 FOR NO KEY UPDATE', [scheduleId]);
      const row = await rowOf(session.manager, fleetId, scheduleId);
      if (row.suspendedAt === null) throw notSuspended(scheduleId);
      const waits = row.kind === 'drift' || dueRuleOf(row)?.kind === 'each-time';
      await session.manager.update(
        ScheduleEntity,
        { id: scheduleId },
        {
          ...{ suspendedAt: null, suspendedRotationId: null, suspendedStatus: null },
          ...{ resumedAt: at, resumedBy: by, resumedBecause: because },
          ...{ resumedRotationId: row.suspendedRotationId, nextTickAt: waits ? row.nextTickAt : at },
        },
      );
      return rowOf(session.manager, fleetId, scheduleId);
    });
  }

  /** What `check` throws keeps it. Throws PortError `schedule.not-found`. */
  removeSchedule(
    fleetId: string,
    scheduleId: string,
    check: (now: ScheduleView) => void = () => {},
  ): Promise<void> {
    return this.database.transaction(async (session) => {
      await session.rows('SELECT 1 FROM schedules WHERE id::text = $1 FOR UPDATE', [scheduleId]);
      check(await rowOf(session.manager, fleetId, scheduleId));
      await session.manager.delete(ScheduleEntity, { id: scheduleId });
    });
  }
}

const DEFAULTS: Omit<ScheduleSettings, 'cron' | 'timeZone' | 'windows' | 'enabled'> = {
  ...{ kind: 'rotate', rotateWhenDaysLeft: null, rotateWhenHoursLeft: null, rotateAtLifetimePercent: null },
  ...{ jitterSeconds: 0, repair: false },
};

async function rowOf(manager: EntityManager, fleetId: string, id: string): Promise<ScheduleEntity> {
  const row = isId(fleetId) && isId(id) ? await manager.findOneBy(ScheduleEntity, { id, fleetId }) : null;
  if (row === null) throw notFound('schedule', id);
  return row;
}

function notSuspended(scheduleId: string): PortError {
  return new PortError({
    code: 'schedule.not-suspended',
    message: `Schedule ${scheduleId} is not suspended.`,
    nextStep: 'Nothing is to be resumed; read its explanation.',
  });
}
