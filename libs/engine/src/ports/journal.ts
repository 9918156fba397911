import type { RotationEvent, RotationPhase, RotationStatus } from '#rotation';

export interface JournalEntry {
  /** 1, 2, 3, ... without gaps within a rotation. */
  readonly sequence: number;
  /** RFC 3339 UTC, set by the database. */
  readonly at: string;
  readonly event: RotationEvent;
}

/** The right to drive one rotation for a while. `term` grows with each takeover (invariant I9). */
export interface Lease {
  readonly rotationId: string;
  readonly holder: string;
  readonly term: number;
}

/** What the newest entry means for the tables beside the journal; written in the same transaction. */
export interface Projection {
  readonly status: RotationStatus;
  readonly phase: RotationPhase;
  /** True for succeeded, reverted, refused and cancelled: the rotation's locks go. */
  readonly ended: boolean;
  /** The generation that the fleet is now decided to serve, or null when that did not change. */
  readonly decidedGenerationId: string | null;
  /** True only when it ended as succeeded: sets the fleet's "last rotated". */
  readonly rotated: boolean;
}

/** Somebody else appended first, or the lease was taken over. Read again and decide again. */
export class JournalConflict extends Error {
  constructor(readonly rotationId: string) {
    super(`the journal of rotation ${rotationId} moved on; read it again`);
    this.name = 'JournalConflict';
  }
}

/** The truth about rotations: events, appended by compare-and-set. */
export abstract class Journal {
  /**
   * Appends all events or none, as `expectedSequence + 1` and on. Throws {@link JournalConflict} when the last
   * sequence is another, or when `lease` is given and its term is not the newest. A null lease is a person's
   * command. A repeat after an unknown outcome cannot double an event.
   */
  abstract append(
    rotationId: string,
    expectedSequence: number,
    lease: Lease | null,
    events: readonly RotationEvent[],
    projection: Projection,
  ): Promise<readonly JournalEntry[]>;

  /** Entries after `sequence`, in order. */
  abstract read(rotationId: string, afterSequence?: number): Promise<readonly JournalEntry[]>;

  /** Calls `listener` soon after something was appended to the rotation (a hint: read to know). Returns the end of it. */
  abstract onAppend(rotationId: string, listener: () => void): Promise<() => Promise<void>>;

  /** Takes the lease when it is free or expired, with the next term; null when somebody holds it. */
  abstract acquireLease(rotationId: string, holder: string, ttlMilliseconds: number): Promise<Lease | null>;
  /** False when the lease was lost. */
  abstract renewLease(lease: Lease, ttlMilliseconds: number): Promise<boolean>;
  abstract releaseLease(lease: Lease): Promise<void>;
}
