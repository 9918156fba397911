import { beforeEach, expect, it } from 'vitest';
import { type Append, Secret } from '#engine';
import { DEFAULT_TIMING, EVENT_VERSION, type RotationEvent, type RotationRequested } from '#rotation';
import { MemoryDatabase, MemoryJournal, MemoryRotationStore, type NewFleet } from './index.js';
import type { FleetRow } from './rows.js';

const FLEET: NewFleet = {
  ...{
    name: 'edge',
    soakSeconds: 1,
    contractWhen: 'soaked' as const,
    clientLog: null,
    canaryHosts: 1,
    caTtlSeconds: 1,
    samples: [],
    hosts: [],
  },
  generation: { content: 'old', digest: 'd'.repeat(64), marker: null },
  issuingCa: {
    ...{ id: 'ca', address: 'https://vault.example', namespace: '', mount: 'pki', role: 'r' },
    ...{ kind: 'vault', token: new Secret('t'), serverCaPem: null },
  },
};
const RESUMED: RotationEvent = { v: EVENT_VERSION, type: 'rotation.resumed', by: 'a test' };
const APPEND: Append = {
  ...{ rotationId: 'r', expectedSequence: 1, lease: null, events: [RESUMED], notAfter: null },
  projection: {
    ...{ status: 'running', phase: 'preflight', ended: false, rotated: false, rehearsed: false },
    ...{ distrusted: [], retrusted: [], observed: [] },
    ...{ fleets: [], decommissionedHostId: null },
  },
};

function requestedOf({ id: fleetId, name: fleetName, generationId }: FleetRow): RotationRequested {
  const { number, digest, marker } = { number: 1, ...FLEET.generation };
  const snapshot = {
    ...{ rotationId: 'r', fleetId, fleetName, installation: 'i', epoch: 1 },
    strategy: 'overlap',
    ...{ waves: [], batchSize: 1, hostNames: {}, soakSeconds: 1, caTtlSeconds: 1 },
    ...{ timing: DEFAULT_TIMING, otherFleets: [], old: { id: generationId, number, digest, marker } },
    ...{ requestedBy: 'a test', reason: 'to see' },
  } as const;
  return { v: EVENT_VERSION, type: 'rotation.requested', snapshot };
}

let database: MemoryDatabase;
let journal: MemoryJournal;

beforeEach(async () => {
  database = new MemoryDatabase({ now: () => 0 });
  journal = new MemoryJournal(database);
  const fleet = database.recordFleet(FLEET);
  const rotation = { id: 'r', fleetId: fleet.id, epoch: 1, locks: [] };
  await new MemoryRotationStore(database).create(rotation, requestedOf(fleet));
});

it('counts its ids, so that one run is like the next', () => {
  const ids = ['host', 'host', 'fleet', 'host'].map((kind) => database.nextId(kind));
  expect(ids).toEqual(['host-1', 'host-2', 'fleet-2', 'host-3']);
  expect([...database.fleets.keys()]).toEqual(['fleet-1']);
});

it('has done everything by the time a call returns, and calls listeners only behind it', async () => {
  const calls: string[] = [];
  await journal.onAppend('r', () => calls.push('listener'));
  const appended = journal.append(APPEND);
  expect(database.rotation('r').entries).toHaveLength(2);
  expect(calls).toEqual([]);
  await appended;
  expect(calls).toEqual(['listener']);
});

it('does not call a listener that was ended between the append and its call', async () => {
  let calls = 0;
  const end = await journal.onAppend('r', () => {
    calls += 1;
  });
  const appended = journal.append(APPEND);
  await end();
  await appended;
  expect(calls).toBe(0);
});

it('hands out entries that nobody can change', async () => {
  await journal.append(APPEND);
  const [, entry] = await journal.read('r');
  expect(() => Object.assign(entry?.event ?? {}, { by: 'somebody else' })).toThrow(TypeError);
  expect(entry?.at).toBe('1970-01-01T00:00:00.000Z');
});
