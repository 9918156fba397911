import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { type Projection, Secret } from '#engine';
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
  PostgresRotationStore,
} from '#persistence';
import { MasterKey, SealedBox } from '#platform';
import { EVENT_VERSION, type RotationEvent, type RotationSnapshot } from '#rotation';
import { startTestPostgres } from './postgres.js';

/** Everything of #persistence over a migrated database of its own. */
export interface TestStores {
  readonly url: string;
  readonly dataSource: DataSource;
  readonly box: SealedBox;
  readonly journal: PostgresJournal;
  readonly rotations: PostgresRotationStore;
  readonly fleets: PostgresFleetStore;
  readonly fleetRecords: FleetRecords;
  readonly hostRecords: HostRecords;
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
    fleetRecords: new FleetRecords(dataSource, box),
    hostRecords: new HostRecords(dataSource, box),
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
    canaryHosts: 1,
    caTtlSeconds: 86_400 * 365 * 100,
    issuingCa: {
      address: `https://vault-${randomUUID()}.example:8200`,
      namespace: '',
      mount: 'pki',
      role: 'clients',
      token: new Secret('hvs.the-token'),
      serverCaPem: null,
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

export function requested(rotationId: string, fleet: FleetView, epoch: number): RotationEvent {
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
    ...{ waves: [['h1']], hostNames: { h1: 'host 1' }, soakSeconds: 60, caTtlSeconds: 3600 },
    ...{ old: { id, number, digest, marker }, requestedBy: 'a test', reason: 'to see' },
  };
  return { v: EVENT_VERSION, type: 'rotation.requested', snapshot };
}

/** A recorded rotation with sequence 1; returns its id. */
export async function aRotation(stores: TestStores, fleet: FleetView): Promise<string> {
  const id = randomUUID();
  const epoch = await stores.rotations.nextEpoch();
  const locks = [{ key: `fleet:${fleet.id}`, label: `fleet ${fleet.name}` }];
  await stores.rotations.create({ id, fleetId: fleet.id, epoch, locks }, requested(id, fleet, epoch));
  return id;
}

export function taken(term: number, holder = 'a test'): RotationEvent {
  return { v: EVENT_VERSION, type: 'term.taken', term, holder };
}

export const RUNNING: Projection = {
  status: 'running',
  phase: 'preflight',
  ended: false,
  decidedGenerationId: null,
  rotated: false,
};
