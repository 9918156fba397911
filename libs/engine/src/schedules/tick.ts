import type { TickEnd } from '#schedule';
import type { RotationCommands } from '../commands.js';
import type { CaSource } from '../ports/ca-source.js';
import type { Clock } from '../ports/clock.js';
import type { FleetStore } from '../ports/fleet-store.js';
import type { HostGateway } from '../ports/host-gateway.js';
import type { ObservationStore } from '../ports/observation-store.js';
import type { Probe } from '../ports/probe.js';
import type { DriftFinding, Schedule, ScheduleStore } from '../ports/schedule-store.js';

/** What schedules reach the world through. */
export interface SchedulePorts {
  readonly schedules: ScheduleStore;
  readonly fleets: FleetStore;
  readonly ca: Pick<CaSource, 'survey' | 'crl'>;
  readonly hosts: HostGateway;
  readonly probe: Probe;
  readonly clock: Clock;
  readonly observations: ObservationStore;
}

/** One tick of a schedule that somebody has taken. */
export interface Tick {
  readonly ports: SchedulePorts;
  readonly commands: RotationCommands;
  readonly schedule: Schedule;
  /** The moment that it was for. */
  readonly at: number;
  readonly now: number;
}

export interface TickResult {
  readonly outcome: string;
  readonly end: TickEnd;
  readonly drift?: DriftFinding;
}
