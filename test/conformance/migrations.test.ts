import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Lease } from '#engine';
import { MIGRATIONS } from '#migrations';
import {
  ApiKeys,
  migrate,
  openDataSource,
  PostgresJournal,
  PostgresRotationStore,
  rollBack,
} from '#persistence';
import { hashApiKey } from '#platform';
import { startTestPostgres, type TestPostgres } from '../kit/postgres.js';
import { aFleet, anAppend, aRotation, openTestStores, type TestStores } from '../kit/stored-fleet.js';

describe('migrations', () => {
  let postgres: TestPostgres;
  const replicas: DataSource[] = [];

  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(async () => {
    await Promise.all(replicas.map((dataSource) => dataSource.destroy()));
    await postgres.close();
  });

  it('F30: run once when three replicas start together, can all be undone, and run again', async () => {
    for (let replica = 0; replica < 3; replica += 1) replicas.push(await openDataSource(postgres.url));
    const ran = await Promise.all(replicas.map((dataSource) => migrate(dataSource)));
    expect(ran.filter((names) => names.length > 0)).toEqual([MIGRATIONS.map(({ name }) => name)]);
    const [first] = replicas;
    if (first === undefined) throw new Error('no replica');
    await rollBack(first, MIGRATIONS.length);
    const tables = await first.query(`SELECT 1 FROM pg_tables WHERE schemaname = 'public'`);
    expect(tables).toHaveLength(1);
    expect(await migrate(first)).toHaveLength(MIGRATIONS.length);
  });

  it('make what the entities say', async () => {
    const [first] = replicas;
    const wanted = await first?.driver.createSchemaBuilder().log();
    expect(wanted?.upQueries).toEqual([]);
  });
});

/** A move and all that came behind it. */
const behind = (move: string) =>
  MIGRATIONS.length - MIGRATIONS.findIndex(({ name }) => name.startsWith(move));
const BEHIND_SCOPES = behind('Scopes');

describe('the move to leases by scope', () => {
  let stores: TestStores;
  let rotationId: string;

  beforeEach(async () => {
    stores = await openTestStores();
    rotationId = await aRotation(stores, await stores.fleetRecords.createFleet(aFleet()));
    return () => stores.close();
  });

  const query = (sql: string, ...parameters: unknown[]) => stores.dataSource.query(sql, parameters);
  const oldLease = (holder: string | null, term: number) =>
    query(
      `INSERT INTO leases (rotation_id, holder, term, expires_at) VALUES ($1, $2, $3, now() + interval '1 day')`,
      ...[rotationId, holder, term],
    );

  it('makes a lease the coordinator’s, and goes on behind its term', async () => {
    await rollBack(stores.dataSource, BEHIND_SCOPES);
    await oldLease('worker a', 7);
    await migrate(stores.dataSource);
    const journal = new PostgresJournal(stores.dataSource);
    expect(await journal.acquireLease(rotationId, 'coordinator', 'worker b', 60_000)).toBeNull();
    expect(await journal.acquireLease(rotationId, 'batch/0', 'worker b', 60_000)).toMatchObject({ term: 8 });
    const [{ epoch }] = await query('SELECT epoch::int AS epoch FROM rotations WHERE id = $1', rotationId);
    const installation = await stores.rotations.installation();
    const lease: Lease = {
      ...{ rotationId, scope: 'coordinator', holder: 'worker a' },
      ...{ term: 7, installation, epoch },
    };
    await journal.append(anAppend(rotationId, 1, { lease }));
    await journal.close();
  });

  it('is undone behind the newest term of all scopes', async () => {
    await stores.journal.acquireLease(rotationId, 'coordinator', 'worker a', 60_000);
    await stores.journal.acquireLease(rotationId, 'batch/0', 'worker b', 60_000);
    await rollBack(stores.dataSource, BEHIND_SCOPES);
    expect(await query('SELECT rotation_id, holder, term FROM leases')).toEqual([
      { rotation_id: rotationId, holder: null, term: 2 },
    ]);
  });

  it.each([0, 1, 5])('keeps installation and epochs, both ways, behind %i epochs', async (drawn) => {
    const { rotations } = stores;
    await query('UPDATE installation SET epoch = $1', drawn);
    const installation = await rotations.installation();
    await rollBack(stores.dataSource, BEHIND_SCOPES);
    const [{ epoch }] = await query(`SELECT nextval('rotation_epoch')::int AS epoch`);
    expect(epoch).toBe(drawn + 1);
    await migrate(stores.dataSource);
    const again = new PostgresRotationStore(stores.dataSource, stores.box);
    expect(await again.nextEpoch()).toBe(drawn + 2);
    expect(await again.installation()).toBe(installation);
  });

  it('gives an installation that was never asked for its name one', async () => {
    await rollBack(stores.dataSource, BEHIND_SCOPES);
    await query('DELETE FROM installation');
    await migrate(stores.dataSource);
    expect(await stores.rotations.installation()).toHaveLength(randomUUID().length);
    expect(await stores.rotations.nextEpoch()).toBe(2);
  });
});

describe('the way back from keys with bounds', () => {
  it('revokes them, as nothing would hold them to their bounds any more', async () => {
    const stores = await openTestStores();
    const { id: fleetId } = await stores.fleetRecords.createFleet(aFleet());
    const keys = new ApiKeys(stores.dataSource, { generate: randomUUID, hash: hashApiKey });
    await keys.create('admin', 'everywhere and for ever');
    await keys.create('operator', 'of a fleet', { fleetIds: [fleetId] });
    await keys.create('operator', 'of today', { expiresAt: new Date(Date.now() + 86_400_000) });
    await rollBack(stores.dataSource, behind('KeyBounds'));
    const good = await stores.dataSource.query('SELECT label FROM api_keys WHERE revoked_at IS NULL');
    expect(good).toEqual([{ label: 'everywhere and for ever' }]);
    await migrate(stores.dataSource);
    const { items } = await keys.list({ cursor: null, limit: 10 });
    expect(items.map(({ revokedAt }) => revokedAt === null)).toEqual([true, false, false]);
    await stores.close();
  });
});

describe('the move to planned schedules', () => {
  let stores: TestStores;

  beforeEach(async () => {
    stores = await openTestStores();
    return () => stores.close();
  });

  it('keeps what was recorded as it was, also on the way back, and leaves its next tick to the first worker', async () => {
    const fleet = await stores.fleetRecords.createFleet(aFleet());
    const settings = { cron: '0 4 * * *', timeZone: 'Europe/Berlin', enabled: true };
    const { id } = await stores.scheduleRecords.addSchedule(fleet.id, {
      ...settings,
      rotateWhenDaysLeft: 30,
    });
    await stores.scheduleRecords.addSchedule(fleet.id, { ...settings, kind: 'drift' });
    await rollBack(stores.dataSource, behind('SchedulePlans'));
    const before = await stores.dataSource.query('SELECT id, rotate_when_days_left AS days FROM schedules');
    expect(before).toEqual([{ id, days: 30 }]);
    await migrate(stores.dataSource);
    expect(await stores.schedules.schedules()).toEqual([
      {
        ...{ id, fleetId: fleet.id, ...settings, due: { kind: 'days-left', days: 30 } },
        ...{ kind: 'rotate', windows: [], jitterSeconds: 0, repair: false },
        ...{ nextTickAt: null, suspended: null, resumedRotationId: null, alertedAt: null },
      },
    ]);
    expect(await stores.schedules.due(Date.now())).toEqual([id]);
  });
});
