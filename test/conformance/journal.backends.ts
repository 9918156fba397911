import type { DriftFinding, Schedule } from '#engine';
import {
  MemoryDatabase,
  MemoryFleetStore,
  MemoryJournal,
  MemoryObservationStore,
  MemoryRotationStore,
  MemoryScheduleStore,
} from '#simulation';
import {
  aFleet,
  aHost,
  openTestStores,
  type RecordedFleet,
  type Stores,
  type TestStores,
} from '../kit/stored-fleet.js';

/** A rotation as lists show it. */
export interface RotationRow {
  readonly status: string;
  readonly phase: string;
  readonly ended: boolean;
  /** Keys of the locks that it holds. */
  readonly locks: readonly string[];
}

/** Journal and stores of one kind over one server, and what the suites need to look behind the ports. */
export interface JournalServer extends Stores {
  /** Records a fleet with two hosts. */
  addFleet(): Promise<RecordedFleet>;
  /** Records a schedule of the fleet, daily and by age when nothing else is said; returns its id. */
  addSchedule(fleetId: string, over?: Partial<PlannedSchedule>): Promise<string>;
  /** What its last tick left for people to read. */
  noteOf(scheduleId: string): Promise<{ outcome: string | null; drift: DriftFinding | null }>;
  rotation(rotationId: string): Promise<RotationRow>;
  /** Whether a rotation of the fleet ever succeeded. */
  everRotated(fleetId: string): Promise<boolean>;
  /** Lets time pass by the server's clock. */
  pass(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

export type PlannedSchedule = Pick<Schedule, 'due' | 'windows' | 'jitterSeconds' | 'repair'>;

export interface JournalServerKind {
  readonly name: string;
  start(): Promise<JournalServer>;
}

export const JOURNAL_SERVERS: readonly JournalServerKind[] = [
  { name: 'PostgreSQL', start: async () => onPostgres(await openTestStores()) },
  { name: 'memory', start: async () => inMemory() },
];

function onPostgres(stores: TestStores): JournalServer {
  const { dataSource, fleetRecords, hostRecords, scheduleRecords } = stores;
  return {
    ...stores,
    addFleet: async () => {
      const fleet = await fleetRecords.createFleet(aFleet());
      await hostRecords.addHosts(fleet.id, [aHost(), aHost()]);
      return fleet;
    },
    addSchedule: async (fleetId, over = {}) => {
      const row = { ...TIMETABLE, ...columnsOf({ ...DAILY, ...over }) };
      return (await scheduleRecords.addSchedule(fleetId, row)).id;
    },
    noteOf: async (scheduleId) => {
      const [row] = await dataSource.query(
        'SELECT last_outcome AS outcome, last_drift AS drift FROM schedules WHERE id = $1',
        [scheduleId],
      );
      return row;
    },
    rotation: async (rotationId) => {
      const [row] = await dataSource.query(
        `SELECT status, phase, ended_at IS NOT NULL AS ended,
           ARRAY(SELECT key FROM locks WHERE rotation_id = id ORDER BY key) AS locks
         FROM rotations WHERE id = $1`,
        [rotationId],
      );
      return row;
    },
    everRotated: async (fleetId) => (await fleetRecords.getFleet(fleetId)).lastRotatedAt !== null,
    pass: async (milliseconds) => {
      await dataSource.query('SELECT pg_sleep($1)', [milliseconds / 1000]);
    },
    stop: () => stores.close(),
  };
}

const TIMETABLE = { cron: '0 3 * * *', timeZone: 'UTC', enabled: true };
const DAILY: PlannedSchedule = {
  ...{ due: { kind: 'days-left', days: 30 }, windows: [], jitterSeconds: 0, repair: false },
};

function columnsOf({ due, windows, jitterSeconds, repair }: PlannedSchedule) {
  return {
    kind: due === null ? ('drift' as const) : ('rotate' as const),
    rotateWhenDaysLeft: due?.kind === 'days-left' ? due.days : null,
    ...{ windows, jitterSeconds, repair },
  };
}

function inMemory(): JournalServer {
  let now = Date.UTC(2026, 0, 1);
  const database = new MemoryDatabase({ now: () => now });
  return {
    journal: new MemoryJournal(database),
    rotations: new MemoryRotationStore(database),
    fleets: new MemoryFleetStore(database),
    schedules: new MemoryScheduleStore(database),
    observations: new MemoryObservationStore(database),
    addFleet: async () => {
      const fleet = aFleet();
      const issuingCa = { id: database.nextId('ca'), ...fleet.issuingCa };
      const row = database.recordFleet({ ...fleet, issuingCa, hosts: [aHost(), aHost()], samples: [] });
      const [generation] = row.generations;
      if (generation === undefined) throw new Error('a fleet without a generation');
      return { id: row.id, name: row.name, generation: { ...generation, createdAt: new Date(now) } };
    },
    addSchedule: async (fleetId, over = {}) =>
      database.recordSchedule({ fleetId, kind: 'rotate', ...TIMETABLE, ...DAILY, ...over }).id,
    noteOf: async (scheduleId) => {
      const { lastOutcome = null, lastDrift = null } = database.schedules.get(scheduleId) ?? {};
      return { outcome: lastOutcome, drift: lastDrift };
    },
    rotation: async (rotationId) => {
      const { status, phase, endedAt } = database.rotation(rotationId);
      const held = [...database.locks].filter(([, lock]) => lock.rotationId === rotationId);
      return { status, phase, ended: endedAt !== null, locks: held.map(([key]) => key).sort() };
    },
    everRotated: async (fleetId) => database.fleet(fleetId).lastRotatedAt !== null,
    pass: async (milliseconds) => {
      now += milliseconds;
    },
    stop: async () => {},
  };
}
