import type {
  DriftFinding,
  Fleet,
  Generation,
  HostRecord,
  JournalEntry,
  SampleClient,
  Schedule,
  ScheduledTick,
} from '#engine';
import type { RotationPhase, RotationStatus, Scope } from '#rotation';

/** What the tables of PostgreSQL hold, in memory. Times are milliseconds since the Unix epoch. */

export interface RotationRow {
  readonly id: string;
  readonly fleetId: string;
  readonly epoch: number;
  readonly tick: ScheduledTick | null;
  status: RotationStatus;
  phase: RotationPhase;
  /** Newest term given to any of its leases, 0 before the first. */
  term: number;
  endedAt: number | null;
  readonly entries: JournalEntry[];
  readonly leases: Map<Scope, LeaseRow>;
}

/** Stays after a release, as its term goes on fencing. */
export interface LeaseRow {
  /** Null when released. */
  readonly holder: string | null;
  readonly term: number;
  readonly expiresAt: number;
}

export interface LockRow {
  readonly label: string;
  readonly rotationId: string;
}

export interface HostRow {
  readonly record: HostRecord;
  decommissionedAt: number | null;
}

export interface FleetRow extends Omit<Fleet, 'generation' | 'hosts' | 'distrusted'> {
  /** The generation last decided. */
  generationId: string;
  lastRotatedAt: number | null;
  lastRehearsedAt: number | null;
  distrusted: Fleet['distrusted'];
  readonly hosts: HostRow[];
  /** Number 1 first. */
  readonly generations: Generation[];
}

export type ScheduleRow = { -readonly [Name in keyof Schedule]: Schedule[Name] } & {
  claimedUntil: number | null;
  lastTickAt: number | null;
  lastOutcome: string | null;
  lastDrift: DriftFinding | null;
};

/** The content of a generation; `digest` is the lower-case hex SHA-256 of `content`. */
export type Bundle = Pick<Generation, 'content' | 'digest' | 'marker'>;

export type NewHost = Omit<HostRecord, 'id' | 'fleetId'>;

type Derived =
  | ('id' | 'generation' | 'generationMarker' | 'revocation' | 'crlsPem' | 'approval')
  | ('hosts' | 'samples' | 'distrusted');

/** A fleet as people record it; ids are the database's. */
export interface NewFleet extends Omit<Fleet, Derived> {
  /** True when left out. */
  readonly generationMarker?: boolean;
  /** `none` when left out. */
  readonly revocation?: Fleet['revocation'];
  readonly crlsPem?: string;
  /** `none` when left out. */
  readonly approval?: Fleet['approval'];
  /** What the hosts serve today: generation 1. */
  readonly generation: Bundle;
  readonly hosts: readonly NewHost[];
  readonly samples: readonly SampleClient[];
}

export type NewSchedule = Omit<
  Schedule,
  'id' | 'nextTickAt' | 'suspended' | 'resumedRotationId' | 'alertedAt'
>;
