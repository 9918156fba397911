import { type Fleet, FleetStore, type Generation, type Schedule } from '#engine';
import { recordGeneration, toFleet } from './fleet-rows.js';
import { type MemoryDatabase, missing } from './memory-database.js';
import type { Bundle, ScheduleRow } from './rows.js';

/** Fleets in memory; the errors are those of PostgreSQL's store. */
export class MemoryFleetStore extends FleetStore {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async fleet(fleetId: string): Promise<Fleet> {
    return toFleet(this.database.fleet(fleetId));
  }

  override async fleetsOn(issuingCaId: string): Promise<readonly { id: string; name: string }[]> {
    return [...this.database.fleets.values()]
      .filter((row) => row.issuingCa.id === issuingCaId && toFleet(row).hosts.length > 0)
      .map(({ id, name }) => ({ id, name }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  override async addGeneration(fleetId: string, bundle: Bundle): Promise<Generation> {
    return recordGeneration(this.database, this.database.fleet(fleetId), bundle);
  }

  override async nextGenerationNumber(fleetId: string): Promise<number> {
    return this.database.fleet(fleetId).generations.length + 1;
  }

  override async generation(generationId: string): Promise<Generation> {
    for (const { generations } of this.database.fleets.values()) {
      const found = generations.find(({ id }) => id === generationId);
      if (found !== undefined) return found;
    }
    return missing('generation', generationId);
  }

  override async schedules(): Promise<readonly Schedule[]> {
    return [...this.database.schedules.values()].map(toSchedule);
  }

  override async schedule(scheduleId: string): Promise<Schedule | null> {
    const row = this.database.schedules.get(scheduleId);
    return row === undefined ? null : toSchedule(row);
  }

  override async noteTick(scheduleId: string, at: number, outcome: string): Promise<void> {
    const row = this.database.schedules.get(scheduleId);
    if (row === undefined) return;
    row.lastTickAt = at;
    row.lastOutcome = outcome;
  }
}

function toSchedule(row: ScheduleRow): Schedule {
  const { id, fleetId, rotateWhenDaysLeft, cron, timeZone, enabled } = row;
  return { id, fleetId, rotateWhenDaysLeft, cron, timeZone, enabled };
}
