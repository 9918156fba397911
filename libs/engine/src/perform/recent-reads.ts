import type { IssuedLeaf } from '../ports/ca-source.js';
import type { Clock } from '../ports/clock.js';
import type { Fleet, FleetStore, Generation } from '../ports/fleet-store.js';
import type { LeafRole, RotationStore } from '../ports/rotation-store.js';

/** A fleet that was read is good for the effects that are begun with it, and for no others, in milliseconds. */
const FLEET_IS_RECENT_MS = 500;
/** Generations never change: so many of those read last are kept. */
const GENERATIONS_KEPT = 64;
/** The same goes for probe leaves, which are secrets: only those of a few rotations are kept open. */
const LEAVES_KEPT = 8;

/** What the effects of one wave ask the store for at once, read once. Throws what {@link FleetStore} throws. */
export class RecentReads {
  private readonly fleets = new Map<string, { readonly at: number; readonly fleet: Promise<Fleet> }>();
  private readonly generations = new Map<string, Promise<Generation>>();
  private readonly leaves = new Map<string, Promise<IssuedLeaf | null>>();

  constructor(
    private readonly store: FleetStore,
    private readonly rotations: RotationStore,
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
    return kept(this.generations, generationId, GENERATIONS_KEPT, () => this.store.generation(generationId));
  }

  /** Null is asked for again: it may be saved by now. */
  leaf(rotationId: string, role: LeafRole): Promise<IssuedLeaf | null> {
    const key = `${rotationId} ${role}`;
    return kept(this.leaves, key, LEAVES_KEPT, async () => {
      const leaf = await this.rotations.leaf(rotationId, role);
      if (leaf === null) this.leaves.delete(key);
      return leaf;
    });
  }
}

function kept<T>(
  known: Map<string, Promise<T>>,
  key: string,
  most: number,
  read: () => Promise<T>,
): Promise<T> {
  const value = known.get(key);
  if (value) return value;
  const [oldest] = known.keys();
  if (oldest !== undefined && known.size >= most) known.delete(oldest);
  const reading = read();
  known.set(key, reading);
  reading.catch(() => known.delete(key));
  return reading;
}
