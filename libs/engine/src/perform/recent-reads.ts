import type { Clock } from '../ports/clock.js';
import type { Fleet, FleetStore, Generation } from '../ports/fleet-store.js';

/** A fleet that was read is good for the effects that are begun with it, and for no others, in milliseconds. */
const FLEET_IS_RECENT_MS = 500;
/** Generations never change: so many of those read last are kept. */
const GENERATIONS_KEPT = 64;

/** What the effects of one wave ask the store for at once, read once. Throws what {@link FleetStore} throws. */
export class RecentReads {
  private readonly fleets = new Map<string, { readonly at: number; readonly fleet: Promise<Fleet> }>();
  private readonly generations = new Map<string, Promise<Generation>>();

  constructor(
    private readonly store: FleetStore,
    private readonly clock: Clock,
  ) {}

  fleet(fleetId: string): Promise<Fleet> {
    const at = this.clock.monotonic();
    const known = this.fleets.get(fleetId);
    if (known && at - known.at < FLEET_IS_RECENT_MS) return known.fleet;
    const fleet = this.store.fleet(fleetId);
    this.fleets.set(fleetId, { at, fleet });
    fleet.catch(() => this.fleets.delete(fleetId));
    return fleet;
  }

  generation(generationId: string): Promise<Generation> {
    const known = this.generations.get(generationId);
    if (known) return known;
    const [oldest] = this.generations.keys();
    if (oldest !== undefined && this.generations.size >= GENERATIONS_KEPT) this.generations.delete(oldest);
    const generation = this.store.generation(generationId);
    this.generations.set(generationId, generation);
    generation.catch(() => this.generations.delete(generationId));
    return generation;
  }
}
