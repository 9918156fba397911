import { type IssuedLeaf, type LastLook, PortError } from '#engine';
import { recordGeneration, recordHost } from './fleet-rows.js';
import type { FleetRow, LockRow, NewFleet, NewSchedule, RotationRow, ScheduleRow } from './rows.js';

/**
 * The server that all stores of a simulated world share, as processes share one PostgreSQL. Everything happens
 * at once and in the order of the calls; ids come from counters; time is whatever `now` says, in milliseconds
 * since the Unix epoch. So one run is like the next.
 */
export class MemoryDatabase {
  /** Identifies this installation on hosts (I9). */
  readonly installation: string;
  /** Newest epoch given to a rotation, or seen on a host. */
  epoch = 0;
  readonly rotations = new Map<string, RotationRow>();
  readonly fleets = new Map<string, FleetRow>();
  readonly schedules = new Map<string, ScheduleRow>();
  /** By host. */
  readonly looks = new Map<string, LastLook>();
  /** By key. */
  readonly locks = new Map<string, LockRow>();
  /** By `<rotation>/<role>`. */
  readonly leaves = new Map<string, IssuedLeaf>();
  readonly #counters = new Map<string, number>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #now: () => number;

  constructor(settings: { readonly now: () => number; readonly installation?: string }) {
    this.#now = settings.now;
    this.installation = settings.installation ?? 'installation-1';
  }

  now(): number {
    return this.#now();
  }

  /** `fleet-1`, `fleet-2`, `host-1`, ... */
  nextId(kind: string): string {
    const number = 1 + (this.#counters.get(kind) ?? 0);
    this.#counters.set(kind, number);
    return `${kind}-${number}`;
  }

  recordFleet(fleet: NewFleet): FleetRow {
    const { generation, hosts, ...settings } = fleet;
    const row: FleetRow = {
      ...{ generationMarker: true, revocation: 'none', crlsPem: '', approval: 'none' },
      ...{ ...settings, id: this.nextId('fleet') },
      ...{
        generationId: '',
        lastRotatedAt: null,
        lastRehearsedAt: null,
        distrusted: [],
        hosts: [],
        generations: [],
      },
    };
    row.generationId = recordGeneration(this, row, generation).id;
    for (const host of hosts) recordHost(this, row, host);
    this.fleets.set(row.id, row);
    return row;
  }

  /** Throws PortError `fleet.not-found`. */
  recordSchedule(schedule: NewSchedule): ScheduleRow {
    this.fleet(schedule.fleetId);
    const row = {
      ...{ ...schedule, id: this.nextId('schedule'), nextTickAt: null, claimedUntil: null, suspended: null },
      ...{ resumedRotationId: null, lastTickAt: null, lastOutcome: null, lastDrift: null },
    };
    this.schedules.set(row.id, row);
    return row;
  }

  /** Throws PortError `fleet.not-found`. */
  fleet(fleetId: string): FleetRow {
    return this.fleets.get(fleetId) ?? missing('fleet', fleetId);
  }

  /** Throws PortError `rotation.not-found`. */
  rotation(rotationId: string): RotationRow {
    return this.rotations.get(rotationId) ?? missing('rotation', rotationId);
  }

  /** Returns the end of it. */
  listen(rotationId: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(rotationId) ?? new Set();
    this.#listeners.set(rotationId, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** Calls those who listen once the present step of the program is over, as a network would at the soonest. */
  notify(rotationId: string): void {
    const listeners = this.#listeners.get(rotationId) ?? new Set();
    for (const listener of listeners) {
      queueMicrotask(() => {
        if (listeners.has(listener)) listener();
      });
    }
  }
}

/** Throws PortError `<kind>.not-found`, worded as PostgreSQL's stores do. */
export function missing(kind: 'fleet' | 'generation' | 'rotation', id: string): never {
  throw new PortError({
    code: `${kind}.not-found`,
    message: `There is no ${kind} ${id}.`,
    nextStep: 'List what there is and take the id from there.',
  });
}
