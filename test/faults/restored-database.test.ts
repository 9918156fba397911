import { afterAll, beforeAll, expect, it } from 'vitest';
import { digestOf } from '#trust';
import { Rig } from './rig.js';

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.open();
});

afterAll(() => rig?.stop());

/** A copy of a database that nobody is connected to. */
async function copy(from: string, name: string): Promise<string> {
  const [source, target, admin] = [new URL(from), new URL(from), new URL(from)];
  target.pathname = `${source.pathname}_${name}`;
  admin.pathname = '/postgres';
  await rig.sql(
    `CREATE DATABASE "${target.pathname.slice(1)}" TEMPLATE "${source.pathname.slice(1)}"`,
    admin.href,
  );
  return target.href;
}

it('F50: restored to before the rotation: the hosts know better, and the epoch rises above theirs', async () => {
  const before = await rig.process('before');
  const fleetId = await rig.record(before);
  await rig.closeProcesses();
  const backup = await copy(rig.databaseUrl, 'backup');

  const during = await rig.process('during');
  await during.work();
  const known = await rig.ended(during, await rig.rotate(during, fleetId));
  expect(known.ended?.status).toBe('succeeded');
  await rig.closeProcesses();
  const live = rig.hosts.map(({ file }) => digestOf(file));

  rig.databaseUrl = backup;
  const after = await rig.process('after');
  await after.work();
  const refused = await rig.ended(after, await rig.rotate(after, fleetId));
  expect(refused.snapshot.epoch).toBe(known.snapshot.epoch);
  expect(refused.ended).toMatchObject({ status: 'refused' });
  expect(refused.ended?.because).toContain(`rotation ${known.snapshot.rotationId} (epoch 1)`);
  expect(refused.ended?.because).toContain('restored from a backup');

  const next = await rig.ended(after, await rig.rotate(after, fleetId));
  expect(next.snapshot.epoch).toBeGreaterThan(known.snapshot.epoch);
  // The newer rotation is no longer in the way; the bundle that it left is what the restored records do not know.
  const reasons = [...next.effects.values()].flatMap(({ reason }) => reason?.code ?? []);
  expect(new Set(reasons)).toEqual(new Set(['host.drift']));
  expect(rig.hosts.map(({ file }) => digestOf(file))).toEqual(live);
  expect(rig.hosts.map(({ reloads }) => reloads)).toEqual([2, 2, 2]);
});
