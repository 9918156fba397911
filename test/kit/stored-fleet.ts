import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import {
  type Append,
  type FleetStore,
  type Generation,
  type Journal,
  type ObservationStore,
  type Projection,
  type RotationStore,
  type ScheduleStore,
  Secret,
} from '#engine';
import {
  FleetRecords,
  type FleetView,
  HostRecords,
  migrate,
  type NewFleet,
  type NewHost,
  openDataSource,
  PostgresFleetStore,
  PostgresJournal,
  PostgresObservationStore,
  PostgresRotationStore,
  PostgresScheduleStore,
  ScheduleRecords,
} from '#persistence';
import { MasterKey, SealedBox } from '#platform';
import {
  EVENT_VERSION,
  type RotationEvent,
  type RotationRequested,
  type RotationSnapshot,
  type Scope,
} from '#rotation';
import { startTestPostgres } from './postgres.js';

/** The ports that records are behind. */
export interface Stores {
  readonly journal: Journal;
  readonly rotations: RotationStore;
  readonly fleets: FleetStore;
  readonly schedules: ScheduleStore;
  readonly observations: ObservationStore;
}

/** Everything of #persistence over a migrated database of its own. */
export interface TestStores extends Stores {
  readonly url: string;
  readonly dataSource: DataSource;
  readonly box: SealedBox;
  readonly journal: PostgresJournal;
  readonly rotations: PostgresRotationStore;
  readonly fleets: PostgresFleetStore;
  readonly fleetRecords: FleetRecords;
  readonly hostRecords: HostRecords;
  readonly scheduleRecords: ScheduleRecords;
  close(): Promise<void>;
}

export async function openTestStores(): Promise<TestStores> {
  const postgres = await startTestPostgres();
  const dataSource = await openDataSource(postgres.url, { poolSize: 24 });
  await migrate(dataSource);
  const box = new SealedBox(new MasterKey(randomBytes(32).toString('base64'), 'a test'));
  const journal = new PostgresJournal(dataSource);
  return {
    ...{ url: postgres.url, dataSource, box, journal },
    rotations: new PostgresRotationStore(dataSource, box),
    fleets: new PostgresFleetStore(dataSource, box),
    schedules: new PostgresScheduleStore(dataSource),
    observations: new PostgresObservationStore(dataSource),
    fleetRecords: new FleetRecords(dataSource, box),
    hostRecords: new HostRecords(dataSource, box),
    scheduleRecords: new ScheduleRecords(dataSource),
    async close() {
      await journal.close();
      await dataSource.destroy();
      await postgres.close();
    },
  };
}

export function aBundle(content = randomUUID()): NewFleet['generation'] {
  return { content, digest: createHash('sha256').update(content).digest('hex'), marker: null };
}

export function aFleet(over: Partial<NewFleet> = {}): NewFleet {
  return {
    name: `fleet-${randomUUID()}`,
    soakSeconds: 60,
    contractWhen: 'soaked',
    clientLog: null,
    canaryHosts: 1,
    caTtlSeconds: 86_400 * 365 * 100,
    issuingCa: {
      address: `https://vault-${randomUUID()}.example:8200`,
      namespace: '',
      mount: 'pki',
      role: 'clients',
      token: new Secret('hvs.the-token'),
      serverCaPem: null,
      kind: 'vault',
    },
    generation: aBundle(),
    ...over,
  };
}

let hosts = 0;

export function aHost(over: Partial<NewHost> = {}): NewHost {
  hosts += 1;
  return {
    name: `host-${hosts}`,
    address: `127.20.${hosts % 250}.1`,
    port: 2222 + Math.floor(hosts / 250),
    user: 'root',
    hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample',
    privateKey: new Secret(`private key ${hosts}`),
    managedPaths: ['/etc/nginx/clients.pem'],
    nginxBinary: 'nginx',
    probeTargets: [{ address: '127.20.1.1', port: 8443, serverName: null, path: '/' }],
    ...over,
  };
}

/** What a rotation is asked for. */
export type RecordedFleet = Pick<FleetView, 'id' | 'name'> & {
  readonly generation: RotationSnapshot['old'];
};

export function requested(rotationId: string, fleet: RecordedFleet, epoch: number): RotationRequested {
  const { id, number, digest, marker } = fleet.generation;
  const snapshot: RotationSnapshot = {
    ...{
      rotationId,
      fleetId: fleet.id,
      fleetName: fleet.name,
      strategy: 'overlap',
      installation: randomUUID(),
      epoch,
    },
    ...{ waves: [['h1']], batchSize: 10, hostNames: { h1: 'host 1' }, soakSeconds: 60, caTtlSeconds: 3600 },
    timing: { voteMs: 60_000, deadlineMs: 90_000, marginMs: 10_000 },
    otherFleets: [],
    ...{ old: { id, number, digest, marker }, requestedBy: 'a test', reason: 'to see' },
  };
  return { v: EVENT_VERSION, type: 'rotation.requested', snapshot };
}

/** A recorded rotation with sequence 1; returns its id. */
export async function aRotation(stores: Pick<Stores, 'rotations'>, fleet: RecordedFleet): Promise<string> {
  const id = randomUUID();
  const epoch = await stores.rotations.nextEpoch();
  const locks = [{ key: `fleet:${fleet.id}`, label: `fleet ${fleet.name}` }];
  await stores.rotations.create({ id, fleetId: fleet.id, epoch, locks }, requested(id, fleet, epoch));
  return id;
}

/** A whole rotation that another process starts and ends; the fleet has the generation from then on. */
export async function rotatedMeanwhile(
  stores: Pick<Stores, 'rotations' | 'fleets' | 'journal'>,
  { id: fleetId, name }: Pick<RecordedFleet, 'id' | 'name'>,
): Promise<Generation> {
  const { generation } = await stores.fleets.fleet(fleetId);
  const rotationId = await aRotation(stores, { id: fleetId, name, generation });
  const next = await stores.fleets.addGeneration(fleetId, aBundle());
  const fleets = [{ fleetId, decidedGenerationId: next.id }];
  const ended = { status: 'succeeded', phase: 'done', ended: true, rotated: true } as const;
  await stores.journal.append(anAppend(rotationId, 1, { projection: { ...RUNNING, ...ended, fleets } }));
  return next;
}

export function taken(term: number, scope: Scope = 'coordinator', holder = 'a test'): RotationEvent {
  return { v: EVENT_VERSION, type: 'term.taken', term, scope, holder };
}

export const RUNNING: Projection = {
  status: 'running',
  phase: 'preflight',
  ended: false,
  fleets: [],
  decommissionedHostId: null,
  rotated: false,
  rehearsed: false,
  distrusted: [],
  retrusted: [],
  observed: [],
};

/** A person's command that nothing hurries. */
export function anAppend(rotationId: string, expectedSequence: number, over: Partial<Append> = {}): Append {
  const events = [taken(1)];
  return { rotationId, expectedSequence, lease: null, events, projection: RUNNING, notAfter: null, ...over };
}
