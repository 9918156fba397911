import type { HostDrift } from '../inspection/host-drift.js';

/** One look at the hosts of a fleet. */
export interface FleetLook {
  readonly fleetId: string;
  /** The generation that they were held against. */
  readonly generationId: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly hosts: readonly HostDrift[];
}

/** What is known of a host without asking it again. Times in milliseconds since the Unix epoch. */
export interface LastLook extends Omit<HostDrift, 'host'> {
  /** The generation that it was held against. */
  readonly generationId: string;
  readonly at: number;
  /** When it last answered; null: it never did. Its files and listeners are of then. */
  readonly seenAt: number | null;
}

/** What was last seen of each host (docs/adr/0028). */
export abstract class ObservationStore {
  /**
   * Keeps the look at each host, unless a later one is kept already, or the host has left the fleet. Nothing is kept
   * while a rotation works on the fleet, or once the fleet is recorded to serve another generation: hosts differ
   * then by design.
   */
  abstract keep(look: FleetLook): Promise<void>;
  /** Of the hosts of the fleet that were ever looked at, in the order of their ids. */
  abstract lastLooks(fleetId: string): Promise<readonly LastLook[]>;
}
