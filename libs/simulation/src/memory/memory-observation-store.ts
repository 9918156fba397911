import { type FleetLook, type LastLook, ObservationStore } from '#engine';
import type { MemoryDatabase } from './memory-database.js';

/** Looks at hosts in memory. */
export class MemoryObservationStore extends ObservationStore {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async keep({ fleetId, generationId, at, hosts }: FleetLook): Promise<void> {
    const { fleets, locks, looks } = this.database;
    const fleet = fleets.get(fleetId);
    if (fleet?.generationId !== generationId || locks.has(`fleet:${fleetId}`)) return;
    for (const { host: _, ...look } of hosts) {
      const last = looks.get(look.hostId);
      const isThere = fleet.hosts.some(({ record }) => record.id === look.hostId);
      if (!isThere || (last !== undefined && last.at > at)) continue;
      const seen = look.state === 'unknown' ? (last ?? { ...look, seenAt: null }) : { ...look, seenAt: at };
      const { seenAt, files, listeners } = seen;
      looks.set(look.hostId, { ...look, generationId, at, seenAt, files, listeners });
    }
  }

  override async lastLooks(fleetId: string): Promise<readonly LastLook[]> {
    const hosts = this.database.fleets.get(fleetId)?.hosts ?? [];
    const looks = hosts.flatMap(({ record }) => this.database.looks.get(record.id) ?? []);
    return looks.sort((one, other) => (one.hostId < other.hostId ? -1 : 1));
  }
}
