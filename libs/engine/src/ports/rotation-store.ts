import type { RotationRequested, RotationStatus } from '#rotation';
import type { IssuedLeaf } from './ca-source.js';

/** Somebody else holds what this rotation needs. */
export class ResourceHeld extends Error {
  constructor(
    /** Such as `fleet edge`, `host 127.20.1.1:2222`, `issuing CA http://... pki`. */
    readonly resource: string,
    readonly holderRotationId: string,
  ) {
    super(`${resource} is held by rotation ${holderRotationId}`);
    this.name = 'ResourceHeld';
  }
}

/** The rotation would begin with a generation that its fleet has no more: another rotation ended since it was read. */
export class GenerationSuperseded extends Error {
  constructor(readonly fleetName: string) {
    super(`fleet ${fleetName} has another generation by now than the rotation would begin with`);
    this.name = 'GenerationSuperseded';
  }
}

/** One tick of a schedule; `at` in milliseconds since the Unix epoch. */
export interface ScheduledTick {
  readonly scheduleId: string;
  readonly at: number;
}

/** Which leaf: issued by the CA that is on its way out, or the one on its way in. */
export type LeafRole = 'old' | 'new';

/** Rotations beside their journal: creation with its locks, the epoch, and the sealed probe leaves. */
export abstract class RotationStore {
  /** Identifies this installation on hosts for ever (I9); made once, at first use. */
  abstract installation(): Promise<string>;

  /** The next epoch of this installation: higher than every one given before. */
  abstract nextEpoch(): Promise<number>;

  /** From now on {@link nextEpoch} gives more than `epoch`: a host knew a newer rotation than our journal (I13). */
  abstract raiseEpoch(epoch: number): Promise<void>;

  /**
   * Creates the rotation, its first journal entry, and all locks in one transaction. `locks` are keys such as
   * `fleet:<id>`, `host:<address>:<port>`, `ca:<address>|<namespace>|<mount>`. Throws {@link ResourceHeld},
   * {@link GenerationSuperseded} when a fleet of the snapshot has, under the locks, another generation than the
   * snapshot says, and PortError `schedule.tick-served` when there was a rotation for the same tick. The locks go
   * when the journal gets the event that ends the rotation.
   */
  abstract create(
    rotation: {
      id: string;
      fleetId: string;
      /** Further fleets that rotate together with it. */
      otherFleetIds?: readonly string[];
      epoch: number;
      /** The tick of a schedule that asked for it. */
      tick?: ScheduledTick | undefined;
      locks: readonly { key: string; label: string }[];
    },
    requested: RotationRequested,
  ): Promise<void>;

  /** Throws {@link ResourceHeld} where {@link create} would now, for these locks. Takes none. */
  abstract refuseHeld(locks: readonly { key: string; label: string }[]): Promise<void>;

  /** Ids of rotations that have not ended. */
  abstract active(): Promise<readonly string[]>;

  abstract summary(rotationId: string): Promise<{ fleetId: string; status: RotationStatus } | null>;

  /** Sealed at rest. Saving twice keeps the first. */
  abstract saveLeaf(rotationId: string, role: LeafRole, leaf: IssuedLeaf): Promise<void>;
  /** In the place of one that ends too soon. Sealed at rest. */
  abstract replaceLeaf(rotationId: string, role: LeafRole, leaf: IssuedLeaf): Promise<void>;
  abstract leaf(rotationId: string, role: LeafRole): Promise<IssuedLeaf | null>;
}
