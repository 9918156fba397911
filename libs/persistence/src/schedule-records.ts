import type { DataSource } from 'typeorm';
import { Database } from './database.js';
import { ScheduleEntity } from './entities/schedule.entity.js';
import type { NewSchedule, ScheduleView } from './fleet-views.js';
import { isId, newId } from './ids.js';
import { notFound } from './not-found.js';
import { fleetRow } from './postgres-fleet-store.js';

/** Schedules as people record and see them. The queue ticks; these rows are the truth. */
export class ScheduleRecords {
  private readonly database: Database;

  constructor(dataSource: DataSource) {
    this.database = new Database(dataSource);
  }

  /** Throws PortError `fleet.not-found`. */
  addSchedule(fleetId: string, schedule: NewSchedule): Promise<ScheduleView> {
    const { rotateWhenDaysLeft, cron, timeZone, enabled } = schedule;
    const row = { id: newId(), fleetId, rotateWhenDaysLeft, cron, timeZone, enabled };
    return this.database.transaction(async ({ manager }) => {
      await fleetRow(manager, fleetId);
      await manager.insert(ScheduleEntity, row);
      return manager.findOneByOrFail(ScheduleEntity, { id: row.id });
    });
  }

  /** Oldest first. Throws PortError `fleet.not-found`. */
  listSchedules(fleetId: string): Promise<readonly ScheduleView[]> {
    return this.database.snapshot(async ({ manager }) => {
      await fleetRow(manager, fleetId);
      return manager.find(ScheduleEntity, { where: { fleetId }, order: { createdAt: 'ASC', id: 'ASC' } });
    });
  }

  /** Throws PortError `schedule.not-found`. */
  async removeSchedule(fleetId: string, scheduleId: string): Promise<void> {
    if (!isId(fleetId) || !isId(scheduleId)) throw notFound('schedule', scheduleId);
    const { affected } = await this.database.statement(({ manager }) =>
      manager.delete(ScheduleEntity, { id: scheduleId, fleetId }),
    );
    if (affected !== 1) throw notFound('schedule', scheduleId);
  }
}
