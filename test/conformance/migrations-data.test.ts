import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '#migrations';
import { migrate, PostgresAuditLog, rollBack } from '#persistence';
import { aFleet, aHost, anAppend, aRotation, openTestStores, type TestStores } from '../kit/stored-fleet.js';

/** The two that made the first tables: nothing is left without them. */
const FIRST = 2;

let stores: TestStores;

beforeEach(async () => {
  stores = await openTestStores();
});
afterEach(() => stores.close());

/** A fleet with hosts, a schedule, a rotation that runs and one that has ended, and an audit log. */
async function recorded(): Promise<void> {
  const fleet = await stores.fleetRecords.createFleet(aFleet());
  await stores.hostRecords.addHosts(fleet.id, [aHost(), aHost()]);
  const settings = { cron: '0 4 * * *', timeZone: 'Europe/Berlin', enabled: true };
  await stores.scheduleRecords.addSchedule(fleet.id, { ...settings, rotateWhenDaysLeft: 30 });
  const ended = await aRotation(stores, fleet);
  const append = anAppend(ended, 1);
  const over = { status: 'succeeded', phase: 'done', ended: true } as const;
  await stores.journal.append({ ...append, projection: { ...append.projection, ...over } });
  await aRotation(stores, fleet);
  const nobody = { actorLabel: null, actorRole: null, requestId: null, reason: null, address: null };
  await new PostgresAuditLog(stores.dataSource).record({
    ...{ stage: 'event', actor: 'windlass', operation: 'a test', subjects: [], outcome: 'succeeded' },
    ...{ ...nobody, details: {} },
  });
}

/** What every release has had from the first on. */
async function kept() {
  const rows = (sql: string) => stores.dataSource.query(sql);
  return {
    fleets: await rows('SELECT id, name, soak_seconds, generation_id FROM fleets ORDER BY id'),
    generations: await rows('SELECT id, number, digest, content FROM generations ORDER BY id'),
    cas: await rows('SELECT id, address, mount, token FROM issuing_cas ORDER BY id'),
    hosts: await rows('SELECT id, name, address, private_key, managed_paths FROM hosts ORDER BY id'),
    schedules: await rows('SELECT id, fleet_id, cron, time_zone, enabled FROM schedules ORDER BY id'),
    rotations: await rows('SELECT id, fleet_id, epoch, status, version, ended_at FROM rotations ORDER BY id'),
    journal: await rows('SELECT rotation_id, sequence, at, event::text FROM journal_entries ORDER BY 1, 2'),
    locks: await rows('SELECT key, rotation_id FROM locks ORDER BY key'),
    installation: await rows('SELECT installation FROM installation'),
  };
}

describe('a schema with data in it', () => {
  it.each(
    MIGRATIONS.slice(FIRST).map(({ name }, place) => [name, MIGRATIONS.length - FIRST - place] as const),
  )('goes back to before %s, and forth again, and loses nothing that was there before', async (_, steps) => {
    await recorded();
    const before = await kept();
    expect(before.journal).toHaveLength(3);
    await rollBack(stores.dataSource, steps);
    expect(await kept()).toEqual(before);
    expect(await migrate(stores.dataSource)).toHaveLength(steps);
    expect(await kept()).toEqual(before);
    const again = await stores.fleetRecords.createFleet(aFleet());
    expect(await stores.journal.read(await aRotation(stores, again))).toHaveLength(1);
  });

  it('goes back as far as there are migrations, and forth again to an empty one', async () => {
    await recorded();
    await rollBack(stores.dataSource, MIGRATIONS.length);
    await migrate(stores.dataSource);
    expect(await stores.dataSource.query('SELECT 1 FROM fleets')).toEqual([]);
    await recorded();
  });

  it('does not go back where the release of before could not log in', async () => {
    const { id } = await stores.fleetRecords.createFleet(aFleet());
    const jump = { address: '127.20.1.9', port: 22, user: 'root', hostKey: 'k', privateKey: null };
    const steps = MIGRATIONS.length - MIGRATIONS.findIndex(({ name }) => name.startsWith('SshLogins'));
    const refusals = [
      [aHost({ privateKey: null }), /private_key/],
      [aHost({ jump }), /hosts_are_reached_directly/],
    ] as const;
    for (const [host, why] of refusals) {
      const [enrolled] = await stores.hostRecords.addHosts(id, [host]);
      await expect(rollBack(stores.dataSource, steps)).rejects.toThrow(why);
      await migrate(stores.dataSource);
      await stores.hostRecords.removeHost(id, enrolled?.id ?? '');
    }
    await expect(rollBack(stores.dataSource, steps)).resolves.toBeUndefined();
  });

  it('does not go back where something is recorded that the schema of before cannot hold', async () => {
    const place = { region: 'eu-central-1', account: '123456789012', group: 'clients' };
    const issuingCa = { kind: 'aws-pca' as const, ...place, endpoint: null, accessKey: null };
    const { id } = await stores.fleetRecords.createFleet(aFleet({ issuingCa }));
    const steps = MIGRATIONS.length - MIGRATIONS.findIndex(({ name }) => name.startsWith('AwsPrivateCa'));
    await rollBack(stores.dataSource, steps - 1);
    await expect(rollBack(stores.dataSource, 1)).rejects.toThrow(/issuing_cas_login_check/);
    await migrate(stores.dataSource);
    expect(await stores.fleetRecords.getFleet(id)).toMatchObject({ issuingCa: { kind: 'aws-pca' } });
  });
});
