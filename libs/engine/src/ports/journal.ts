import type { RotationEvent, RotationPhase, RotationStatus, Scope } from '#rotation';

export interface JournalEntry {
  /** 1, 2, 3, ... without gaps within a rotation. */
  readonly sequence: number;
  /** RFC 3339 UTC, set by the database. */
  readonly at: string;
  readonly event: RotationEvent;
}

/**
 * The right to act on one part of a rotation for a while: on its decisions and its CA (`coordinator`), or on
 * the hosts of one batch. Whoever appends under a lease is fenced by all that is in it (invariant I9).
 */
export interface Lease {
  readonly rotationId: string;
  readonly scope: Scope;
  readonly holder: string;
  /** Grows with each takeover of any scope of the rotation, so that two leases never share one. */
  readonly term: number;
  /** Whose journal this is, and the number of the rotation in it, as they were when the lease was taken. */
  readonly installation: string;
  readonly epoch: number;
}

/** A host that a rotation proved to serve a generation of its fleet. */
export interface ObservedOn {
  readonly hostId: string;
  readonly generationId: string;
  /** RFC 3339 UTC. */
  readonly at: string;
}

/** What the newest entry means for the tables beside the journal; written in the same transaction. */
export interface Projection {
  readonly status: RotationStatus;
  readonly phase: RotationPhase;
  /** True for succeeded, reverted, refused and cancelled: the rotation's locks go. */
  readonly ended: boolean;
  /** Every fleet of the rotation, with the generation that it is now decided to serve, or null when that did not change. */
  readonly fleets: readonly { readonly fleetId: string; readonly decidedGenerationId: string | null }[];
  /** A host that a person took out of the fleet with this entry, or null: no later rotation counts it in. */
  readonly decommissionedHostId: string | null;
  /** True only when a new bundle came to stay: sets "last rotated" of its fleets. */
  readonly rotated: boolean;
  /** True only when a fire drill succeeded: sets "last rehearsed" of its fleets. */
  readonly rehearsed: boolean;
  /** Anchors that are distrusted by its fleets from this entry on. */
  readonly distrusted: readonly string[];
  /** Anchors that are no longer. */
  readonly retrusted: readonly string[];
  /** Hosts that are proven to serve a generation: what was last seen of them, in the way of `ObservationStore`. */
  readonly observed: readonly ObservedOn[];
}

/** Somebody else appended first. Read again and decide again. */
export class JournalConflict extends Error {
  constructor(readonly rotationId: string) {
    super(`the journal of rotation ${rotationId} moved on; read it again`);
    this.name = 'JournalConflict';
  }
}

/** Another worker took the scope over, or the installation is no longer the one that gave the lease. Stop. */
export class LeaseLost extends Error {
  constructor({ rotationId, scope, term }: Pick<Lease, 'rotationId' | 'scope' | 'term'>) {
    super(`term ${term} of ${scope} of rotation ${rotationId} has passed`);
    this.name = 'LeaseLost';
  }
}

/** The moment until which the append would have been true has passed: nothing was written. */
export class AppendTooLate extends Error {
  constructor(readonly rotationId: string) {
    super(`an entry for rotation ${rotationId} came too late to be true`);
    this.name = 'AppendTooLate';
  }
}

export interface Append {
  readonly rotationId: string;
  /** Sequence of the last entry that the events were decided on. */
  readonly expectedSequence: number;
  /** Null for a person's command. */
  readonly lease: Lease | null;
  /** At least one. */
  readonly events: readonly RotationEvent[];
  readonly projection: Projection;
  /** Milliseconds since the Unix epoch by the journal's own clock; null when the events do not age (I10). */
  readonly notAfter: number | null;
}

/** The truth about rotations: events, appended by compare-and-set. */
export abstract class Journal {
  /**
   * Appends all events or none, as `expectedSequence + 1` and on. Throws {@link JournalConflict} when the last
   * sequence is another; {@link LeaseLost} when a lease is given whose term is not the newest of its scope, or
   * whose installation or epoch is not the rotation's; {@link AppendTooLate} behind `notAfter`. A repeat after an
   * unknown outcome cannot double an event.
   */
  abstract append(append: Append): Promise<readonly JournalEntry[]>;

  /** Entries after `sequence`, in order; `most` of them where that is given. */
  abstract read(rotationId: string, afterSequence?: number, most?: number): Promise<readonly JournalEntry[]>;

  /** Milliseconds since the Unix epoch by the clock that dates the entries, so that the clocks of workers do not matter. */
  abstract now(): Promise<number>;

  /** Calls `listener` soon after something was appended to the rotation (a hint: read to know). Returns the end of it. */
  abstract onAppend(rotationId: string, listener: () => void): Promise<() => Promise<void>>;

  /** Takes the lease when it is free or expired, with the next term; null when somebody holds it. */
  abstract acquireLease(
    rotationId: string,
    scope: Scope,
    holder: string,
    ttlMilliseconds: number,
  ): Promise<Lease | null>;
  /** False when the lease was lost. */
  abstract renewLease(lease: Lease, ttlMilliseconds: number): Promise<boolean>;
  abstract releaseLease(lease: Lease): Promise<void>;
  /** The scopes that somebody holds at this moment: to wake one of them would wake nobody. */
  abstract heldScopes(rotationId: string): Promise<ReadonlySet<Scope>>;
}
