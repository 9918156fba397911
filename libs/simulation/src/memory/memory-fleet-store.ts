import { type Fleet, FleetStore, type Generation } from '#engine';
import { recordGeneration, toFleet } from './fleet-rows.js';
import { type MemoryDatabase, missing } from './memory-database.js';
import type { Bundle } from './rows.js';

/** Fleets in memory; the errors are those of PostgreSQL's store. */
export class MemoryFleetStore extends FleetStore {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async fleet(fleetId: string, hostIds?: readonly string[]): Promise<Fleet> {
    const fleet = toFleet(this.database.fleet(fleetId));
    return hostIds === undefined
      ? fleet
      : { ...fleet, hosts: fleet.hosts.filter(({ id }) => hostIds.includes(id)) };
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
}
