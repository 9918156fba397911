import type { EndStatus, RotationPhase, RotationStatus } from '#rotation';
import type { Revocation } from './fleet-store.js';
import type { JournalEntry } from './journal.js';
import type { DriftFinding } from './schedule-store.js';

/** One fleet as the tables show it. Times in milliseconds since the Unix epoch. */
export interface FleetRow {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastRotatedAt: number | null;
  readonly lastRehearsedAt: number | null;
  readonly revocation: Revocation;
  /** The generation last decided: what a rotation proved on every host, or what people recorded at first. */
  readonly generation: { readonly id: string; readonly number: number };
  /** Generations of the fleet whose bundle a host that counts was last seen with. */
  readonly seenGenerationIds: readonly string[];
  /** Hosts that count, and those that were given up. */
  readonly hosts: { readonly enrolled: number; readonly decommissioned: number };
  /** What the newest look for drift found; null where none was. */
  readonly drift: Pick<DriftFinding, 'at' | 'inSync' | 'generation' | 'hosts' | 'out'> | null;
}

/** Rotations of a fleet that have ended, counted since it was recorded. */
export interface EndedRow {
  readonly fleetId: string;
  readonly status: EndStatus;
  readonly count: number;
  readonly lastEndedAt: number;
}

/** A rotation that has not ended, once for each of its fleets. */
export interface ActiveRow {
  readonly rotationId: string;
  readonly fleetId: string;
  readonly status: RotationStatus;
  readonly phase: RotationPhase;
  /** Sequence of the newest entry. */
  readonly version: number;
  readonly requestedAt: number;
}

/** What is asked together: all of it is of one moment. */
export interface FigureRows {
  readonly fleets: readonly FleetRow[];
  readonly ended: readonly EndedRow[];
  readonly active: readonly ActiveRow[];
  /** When any worker came to the end of a look; null before the first. */
  readonly lastLookAt: number | null;
  /** Workers that looked within the last two minutes. */
  readonly workers: number;
}

/** Reads what is measured of the whole installation, with as many statements for a thousand fleets as for one. */
export abstract class FigureStore {
  abstract rows(): Promise<FigureRows>;
  /** The texts of these generations, by id. */
  abstract contents(generationIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The entries behind `after` of each of these journals, in order, by rotation. */
  abstract entries(
    journals: readonly { readonly rotationId: string; readonly after: number }[],
  ): Promise<ReadonlyMap<string, readonly JournalEntry[]>>;
  /** Writes down that this worker came to the end of a look. */
  abstract noteLook(worker: string): Promise<void>;
}
