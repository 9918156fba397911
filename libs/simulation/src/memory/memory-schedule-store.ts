import { type Schedule, ScheduleStore, type StartedRotation, type Suspension, type TickNote } from '#engine';
import type { MemoryDatabase } from './memory-database.js';
import type { RotationRow, ScheduleRow } from './rows.js';

/** Schedules in memory. */
export class MemoryScheduleStore extends ScheduleStore {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async schedules(): Promise<readonly Schedule[]> {
    return [...this.database.schedules.values()].map(toSchedule);
  }

  override async schedule(scheduleId: string): Promise<Schedule | null> {
    const row = this.database.schedules.get(scheduleId);
    return row === undefined ? null : toSchedule(row);
  }

  override async due(now: number): Promise<readonly string[]> {
    const rows = [...this.database.schedules.values()];
    return rows
      .filter((row) => row.enabled && (row.nextTickAt ?? 0) <= now && (row.claimedUntil ?? 0) <= now)
      .map(({ id }) => id);
  }

  override async plan(scheduleId: string, nextTickAt: number): Promise<boolean> {
    const row = this.database.schedules.get(scheduleId);
    if (row === undefined || row.nextTickAt !== null) return false;
    row.nextTickAt = nextTickAt;
    return true;
  }

  override async claim(scheduleId: string, tickAt: number, now: number, until: number): Promise<boolean> {
    const row = this.database.schedules.get(scheduleId);
    if (!row?.enabled || row.nextTickAt !== tickAt || (row.claimedUntil ?? 0) > now) return false;
    row.claimedUntil = until;
    return true;
  }

  override async note(scheduleId: string, tickAt: number, note: TickNote): Promise<void> {
    const row = this.database.schedules.get(scheduleId);
    if (row === undefined) return;
    const { nextTickAt, at, outcome, drift } = note;
    Object.assign(row, { lastTickAt: at, lastOutcome: outcome, claimedUntil: null });
    if (drift !== undefined) row.lastDrift = drift;
    if (row.alertedAt === note.servedAlertAt) row.alertedAt = null;
    if (row.nextTickAt === tickAt) row.nextTickAt = nextTickAt;
  }

  override async lastStarted(scheduleId: string): Promise<StartedRotation | null> {
    const rows = [...this.database.rotations.values()];
    const newest = rows
      .filter(({ tick }) => tick?.scheduleId === scheduleId)
      .sort((a, b) => b.epoch - a.epoch)[0];
    return newest === undefined ? null : toStarted(newest);
  }

  override async stoppedBy(statuses: readonly string[]) {
    const found: { scheduleId: string; rotation: StartedRotation }[] = [];
    for (const { id: scheduleId, suspended, resumedRotationId } of this.database.schedules.values()) {
      const rotation = await this.lastStarted(scheduleId);
      if (suspended !== null || rotation === null || rotation.id === resumedRotationId) continue;
      if (statuses.includes(rotation.status)) found.push({ scheduleId, rotation });
    }
    return found;
  }

  override async suspend(scheduleId: string, suspension: Suspension): Promise<void> {
    const row = this.database.schedules.get(scheduleId);
    if (!row || row.suspended !== null || row.resumedRotationId === suspension.rotationId) return;
    row.suspended = suspension;
  }

  override async rotatedSince(fleetId: string, at: number): Promise<boolean> {
    return (this.database.fleets.get(fleetId)?.lastRotatedAt ?? 0) > at;
  }

  override async rotationOn(fleetId: string): Promise<string | null> {
    return this.database.locks.get(`fleet:${fleetId}`)?.rotationId ?? null;
  }
}

function toSchedule(row: ScheduleRow): Schedule {
  const { lastTickAt, lastOutcome, lastDrift, claimedUntil, ...schedule } = row;
  return schedule;
}

function toStarted({ id, status, tick }: RotationRow): StartedRotation {
  return { id, status, tickAt: tick?.at ?? 0 };
}
