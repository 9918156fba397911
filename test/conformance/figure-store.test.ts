import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Figures, ReadFigures, trustOfSeenGenerations } from '#engine';
import { type FleetView, PostgresFigureStore, PostgresObservationStore } from '#persistence';
import { composeGeneration } from '#trust';
import { revocationList } from '../kit/crl.js';
import { makeCa, type TestCa } from '../kit/pki.js';
import { aFleet, aHost, anAppend, aRotation, openTestStores, type TestStores } from '../kit/stored-fleet.js';

const DAY_MS = 86_400_000;
const ENDS = Date.UTC(2031, 0, 1);
const NOTHING = { waiting: 0, active: 0, delayed: 0 };

let stores: TestStores;
let ca: TestCa;

beforeAll(async () => {
  stores = await openTestStores();
  ca = await makeCa({ commonName: 'measured', notBefore: Date.now() - DAY_MS, notAfter: ENDS });
});
afterAll(() => stores?.close());

function reader(): ReadFigures {
  const store = new PostgresFigureStore(stores.dataSource);
  const wakeups = { depth: async () => NOTHING };
  return new ReadFigures({ store, wakeups, servedTrust: trustOfSeenGenerations(store) });
}

async function recorded(content: string): Promise<FleetView> {
  const digest = createHash('sha256').update(content).digest('hex');
  const fleet = await stores.fleetRecords.createFleet(
    aFleet({ generation: { content, digest, marker: null } }),
  );
  await stores.hostRecords.addHosts(fleet.id, [aHost(), aHost()]);
  return fleet;
}

const bundle = () => composeGeneration({ anchorsPem: [ca.certificatePem], markerPem: null }).content;

async function figuresOf(fleetId: string, read = reader()): Promise<Figures['fleets'][number]> {
  const found = (await read.read()).fleets.find(({ id }) => id === fleetId);
  if (found === undefined) throw new Error('the fleet is not there');
  return found;
}

/** The host had a file of this digest when it was looked at. */
async function seen({ id: fleetId, generation }: FleetView, hostId: string | undefined, digest: string) {
  const files = [{ path: '/etc/nginx/trust/client-ca.pem', digest }];
  const host = {
    hostId: hostId ?? '',
    host: 'edge',
    state: 'drifted' as const,
    files,
    listeners: [],
    problems: [],
  };
  await new PostgresObservationStore(stores.dataSource).keep({
    ...{ fleetId, generationId: generation.id, at: Date.now(), hosts: [host] },
  });
}

/** The rotation ends so. */
async function end(rotationId: string, status: 'succeeded' | 'reverted'): Promise<void> {
  const append = anAppend(rotationId, 1);
  const over = { status, phase: 'done', ended: true } as const;
  await stores.journal.append({ ...append, projection: { ...append.projection, ...over } });
}

describe('the figures of an installation', () => {
  it('tell the anchors of the generation last decided, and the CRLs beside them', async () => {
    const nextUpdate = Date.now() + 3 * DAY_MS;
    const crl = await revocationList(ca, { nextUpdate });
    const parts = { anchorsPem: [ca.certificatePem], crlsPem: [crl], markerPem: null };
    const { trust, hosts } = await figuresOf((await recorded(composeGeneration(parts).content)).id);
    expect(trust.anchors).toEqual([
      { subject: 'CN=measured', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/), notAfter: ENDS },
    ]);
    const ends = Math.floor(nextUpdate / 1000) * 1000;
    expect(trust.crls).toEqual([{ issuer: 'CN=measured', nextUpdate: ends }]);
    expect(hosts).toEqual({ enrolled: 2, decommissioned: 0 });
  });

  it('tell the anchors of an older bundle too, while a host that counts was last seen with it', async () => {
    const older = await makeCa({ commonName: 'left behind' });
    const fleet = await recorded(bundle());
    const { content, digest } = composeGeneration({ anchorsPem: [older.certificatePem], markerPem: null });
    await stores.dataSource.query(
      'INSERT INTO generations (id, fleet_id, number, content, digest) VALUES (gen_random_uuid(), $1, 2, $2, $3)',
      [fleet.id, content, digest],
    );
    const subjects = async () => (await figuresOf(fleet.id)).trust.anchors.map(({ subject }) => subject);
    expect(await subjects()).toEqual(['CN=measured']);
    const [host, other] = (await stores.hostRecords.listHosts(fleet.id, { limit: 2, cursor: null })).items;
    await seen(fleet, host?.id, digest);
    await seen(fleet, other?.id, 'f'.repeat(64));
    expect((await subjects()).sort()).toEqual(['CN=left behind', 'CN=measured']);
    await stores.dataSource.query('UPDATE hosts SET decommissioned_at = now() WHERE id = $1', [host?.id]);
    expect(await subjects()).toEqual(['CN=measured']);
  });

  it('count how rotations ended, and say when the trust was seen on every host last', async () => {
    const fleet = await recorded(bundle());
    expect(await figuresOf(fleet.id)).toMatchObject({ ended: [], trustSeenAt: null, active: null });
    await end(await aRotation(stores, fleet), 'succeeded');
    const seen = (await figuresOf(fleet.id)).trustSeenAt;
    await end(await aRotation(stores, fleet), 'reverted');
    const figures = await figuresOf(fleet.id);
    expect(figures.ended.map(({ status, count }) => [status, count]).sort()).toEqual([
      ['reverted', 1],
      ['succeeded', 1],
    ]);
    expect(figures.trustSeenAt).toBe(seen);
    expect(Math.abs(Date.now() - (seen ?? 0))).toBeLessThan(DAY_MS);
  });

  it('take a look for drift for a sight of the trust only where it found that generation on all hosts', async () => {
    const fleet = await recorded(bundle());
    const settings = { cron: '0 4 * * *', timeZone: 'UTC', enabled: true, kind: 'drift' } as const;
    const { id } = await stores.scheduleRecords.addSchedule(fleet.id, settings);
    const at = new Date(ENDS).toISOString();
    const looked = async (found: object) => {
      const drift = JSON.stringify({ at, inSync: true, generation: 1, hosts: 2, out: [], ...found });
      await stores.dataSource.query('UPDATE schedules SET last_drift = $2 WHERE id = $1', [id, drift]);
      return figuresOf(fleet.id);
    };
    expect((await looked({})).trustSeenAt).toBe(ENDS);
    expect((await looked({ generation: 7 })).trustSeenAt).toBeNull();
    expect((await looked({ inSync: false })).trustSeenAt).toBeNull();
    expect((await looked({})).drift).toMatchObject({ at, hosts: 2 });
  });

  it('show the rotation that works on a fleet, and tell when a worker looked', async () => {
    const fleet = await recorded(bundle());
    const rotationId = await aRotation(stores, fleet);
    expect((await figuresOf(fleet.id)).active).toMatchObject({
      ...{ rotationId, status: 'pending', phase: 'preflight', blockedBy: [], oldCaClients: null },
    });
    const store = new PostgresFigureStore(stores.dataSource);
    const before = await reader().read();
    expect(before).toMatchObject({ lastLookAt: null, workers: 0 });
    for (const worker of ['one', 'two', 'one']) await store.noteLook(worker);
    const after = await reader().read();
    expect(after.workers).toBe(2);
    expect(Math.abs(Date.now() - (after.lastLookAt ?? 0))).toBeLessThan(DAY_MS);
  });

  it('forget workers that have not looked for a day', async () => {
    const store = new PostgresFigureStore(stores.dataSource);
    await stores.dataSource.query("INSERT INTO workers VALUES ('gone', now() - interval '2 days')");
    await store.noteLook('here');
    const rows = await stores.dataSource.query("SELECT name FROM workers WHERE name IN ('gone', 'here')");
    expect(rows).toEqual([{ name: 'here' }]);
  });

  it('cost as many statements for many fleets as for one, and no content is read twice', async () => {
    const counted = async (read: ReadFigures) => {
      let statements = 0;
      const create = stores.dataSource.createQueryRunner.bind(stores.dataSource);
      const spy = vi.spyOn(stores.dataSource, 'createQueryRunner').mockImplementation((mode) => {
        const runner = create(mode);
        const query = runner.query.bind(runner);
        runner.query = (...given: Parameters<typeof query>) => {
          statements += 1;
          return query(...given);
        };
        return runner;
      });
      await read.read();
      spy.mockRestore();
      return statements;
    };
    const few = await counted(reader());
    for (let fleet = 0; fleet < 20; fleet += 1) await recorded(bundle());
    const many = reader();
    expect(await counted(many)).toBe(few);
    expect(await counted(many)).toBe(few - 1);
  });
});
