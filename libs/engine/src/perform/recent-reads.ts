import type { IssuedLeaf } from '../ports/ca-source.js';
import type { Clock } from '../ports/clock.js';
import type { Fleet, FleetStore, Generation } from '../ports/fleet-store.js';
import type { LeafRole, RotationStore } from '../ports/rotation-store.js';

/** A fleet that was read is good for the effects that are begun with it, and for no others, in milliseconds. */
const FLEET_IS_RECENT_MS = 500;
/** What took long to read is good for so many times as long: a large fleet is not read again and again. */
const GOOD_FOR = 20;
/** However long it took: an edit of a fleet is seen by effects that begin so much later, in milliseconds. */
const GOOD_FOR_AT_MOST_MS = 10_000;
/** A probe leaf is replaced by one that lives longer before a contract, and is a secret: it is not kept for long. */
const LEAF_IS_RECENT_MS = 5_000;
/** Generations never change: so many of those read last are kept. */
const GENERATIONS_KEPT = 64;

interface Reading<T> {
  /** By the monotonic clock, in milliseconds; infinite while it is being read. */
  until: number;
  readonly value: Promise<T>;
}

type Recent<T> = Map<string, Reading<T>>;

/** What the effects of one wave ask the store for at once, read once. Throws what {@link FleetStore} throws. */
export class RecentReads {
  private readonly fleets: Recent<Fleet> = new Map();
  private readonly leaves: Recent<IssuedLeaf | null> = new Map();
  private readonly generations = new Map<string, Promise<Generation>>();

  constructor(
    private readonly store: FleetStore,
    private readonly rotations: RotationStore,
    private readonly clock: Clock,
  ) {}

  /** With these of its hosts: those of one batch, which are read together, or none. */
  fleet(fleetId: string, hostIds: readonly string[]): Promise<Fleet> {
    const goodFor = (tookMs: number) =>
      Math.max(FLEET_IS_RECENT_MS, Math.min(GOOD_FOR * tookMs, GOOD_FOR_AT_MOST_MS));
    const key = [fleetId, ...hostIds].join();
    return this.recent(this.fleets, key, goodFor, () => this.store.fleet(fleetId, hostIds));
  }

  leaf(rotationId: string, role: LeafRole): Promise<IssuedLeaf | null> {
    const read = () => this.rotations.leaf(rotationId, role);
    return this.recent(this.leaves, `${rotationId} ${role}`, () => LEAF_IS_RECENT_MS, read);
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

  /** Whoever asks while it is being read waits for the same; `goodFor` is told how long that took. */
  private recent<T>(
    known: Recent<T>,
    key: string,
    goodFor: (tookMs: number) => number,
    read: () => Promise<T>,
  ): Promise<T> {
    const now = this.clock.monotonic();
    for (const [other, { until }] of known) if (now >= until) known.delete(other);
    const found = known.get(key);
    if (found) return found.value;
    const reading: Reading<T> = { until: Number.POSITIVE_INFINITY, value: read() };
    known.set(key, reading);
    const forget = () => known.delete(key);
    const keep = (it: T) => {
      const ended = this.clock.monotonic();
      reading.until = ended + goodFor(ended - now);
      // What was not there may be by now.
      if (it === null) forget();
    };
    reading.value.then(keep, forget);
    return reading.value;
  }
}
