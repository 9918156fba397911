import type { RotationStatus } from '#rotation';
import type { DueRule, Timetable } from '#schedule';
import type { Problem } from './problem.js';

/** Why a schedule starts nothing more by itself: a rotation that it started. */
export interface Suspension {
  readonly at: number;
  readonly rotationId: string;
  /** How that rotation stood when it was seen. */
  readonly status: RotationStatus;
}

/** `rotate`: to a new CA. `drift`: looks for drift. `refresh`: the same anchors, with the CRLs of now. */
export const SCHEDULE_KINDS = ['rotate', 'drift', 'refresh'] as const;
export type ScheduleKind = (typeof SCHEDULE_KINDS)[number];

/** What a fleet does by itself. Times are milliseconds since the Unix epoch. */
export interface Schedule extends Timetable {
  readonly id: string;
  readonly fleetId: string;
  readonly kind: ScheduleKind;
  /** When it rotates, or brings fresh CRLs; null: it looks for drift. */
  readonly due: DueRule | null;
  /** Whether drift that it finds is put right. */
  readonly repair: boolean;
  readonly enabled: boolean;
  /** Null: to be worked out, or never. */
  readonly nextTickAt: number | null;
  readonly suspended: Suspension | null;
  /** When an alert asked for a rotation that was not started yet. */
  readonly alertedAt: number | null;
  /** The rotation whose failure a person has answered for. */
  readonly resumedRotationId: string | null;
}

/** A rotation that a schedule started, and the tick that it was for. */
export interface StartedRotation {
  readonly id: string;
  readonly status: RotationStatus;
  readonly tickAt: number;
}

/** What a look for drift found. */
export interface DriftFinding {
  /** RFC 3339 UTC. */
  readonly at: string;
  readonly inSync: boolean;
  /** Number of the generation that was looked for. */
  readonly generation: number;
  /** How many were asked. */
  readonly hosts: number;
  /** Those that are not in sync, with what is wrong. */
  readonly out: readonly {
    readonly hostId: string;
    readonly host: string;
    readonly state: 'drifted' | 'unknown';
    readonly problems: readonly Problem[];
  }[];
}

/** What one tick leaves behind. */
export interface TickNote {
  readonly at: number;
  /** For people to read. */
  readonly outcome: string;
  readonly nextTickAt: number | null;
  readonly drift?: DriftFinding;
  /** The alert of that moment asks for nothing any more; a later one stays. */
  readonly servedAlertAt?: number;
}

/** Schedules and their ticks: the truth about what is to be looked at when. The queue only hastens it. */
export abstract class ScheduleStore {
  /** Oldest first. */
  abstract schedules(): Promise<readonly Schedule[]>;
  /** Null when it was removed. */
  abstract schedule(scheduleId: string): Promise<Schedule | null>;
  /** Ids of those that are enabled, whose tick has come or is to be worked out, and that nobody works on. */
  abstract due(now: number): Promise<readonly string[]>;
  /** Sets the next tick of one that has none; true when it was set. */
  abstract plan(scheduleId: string, nextTickAt: number): Promise<boolean>;
  /**
   * Takes the tick at `tickAt` until `until`; false when it is not the next one, or somebody else has it. A worker
   * that dies with it leaves it to whoever comes after `until`.
   */
  abstract claim(scheduleId: string, tickAt: number, now: number, until: number): Promise<boolean>;
  /** Ends the tick at `tickAt`. Where people changed the next one meanwhile, theirs stays. */
  abstract note(scheduleId: string, tickAt: number, note: TickNote): Promise<void>;
  /** The newest rotation that the schedule started. */
  abstract lastStarted(scheduleId: string): Promise<StartedRotation | null>;
  /** Schedules that are not suspended whose newest rotation stands so, and that no person has answered for. */
  abstract stoppedBy(
    statuses: readonly string[],
  ): Promise<readonly { readonly scheduleId: string; readonly rotation: StartedRotation }[]>;
  /** Does nothing when it is suspended already, or a person answered for that rotation. */
  abstract suspend(scheduleId: string, suspension: Suspension): Promise<void>;
  /** Whether another trust bundle came to stay at the fleet behind that moment. */
  abstract rotatedSince(fleetId: string, at: number): Promise<boolean>;
  /** The rotation that works on the fleet now. */
  abstract rotationOn(fleetId: string): Promise<string | null>;
}
