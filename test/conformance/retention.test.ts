import { afterAll, beforeAll, expect, it } from 'vitest';
import { Secret } from '#engine';
import { AuditRecords, Retention } from '#persistence';
import { aFleet, anAppend, aRotation, openTestStores, type TestStores } from '../kit/stored-fleet.js';

let stores: TestStores;

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

/** A rotation with a lease and a probe leaf; ended so many days ago, or not at all. */
async function rotation(endedDaysAgo: number | null): Promise<string> {
  const id = await aRotation(stores, await stores.fleetRecords.createFleet(aFleet()));
  await stores.journal.acquireLease(id, 'coordinator', 'a worker', 60_000);
  const pem = { certificatePem: 'c', chainPem: '', issuerPem: 'i', privateKey: new Secret('k') };
  await stores.rotations.saveLeaf(id, 'old', pem);
  if (endedDaysAgo === null) return id;
  const append = anAppend(id, 1);
  await stores.journal.append({
    ...append,
    projection: { ...append.projection, status: 'succeeded', phase: 'done', ended: true },
  });
  const back = `UPDATE rotations SET ended_at = now() - make_interval(days => $2) WHERE id = $1`;
  await stores.dataSource.query(back, [id, endedDaysAgo]);
  return id;
}

it('removes the keys and leases of rotations that ended long ago, and nothing that proves or drives anything', async () => {
  const [old, young, running] = [await rotation(91), await rotation(89), await rotation(null)];
  const retention = new Retention(stores.dataSource);
  const before = await stores.journal.read(old);
  const both = await Promise.all([retention.prune(90), retention.prune(90)]);
  expect(both.map(({ leases }) => leases).toSorted()).toEqual([0, 1]);
  expect(both.map(({ probeLeaves }) => probeLeaves).toSorted()).toEqual([0, 1]);
  for (const kept of [young, running]) expect(await stores.rotations.leaf(kept, 'old')).not.toBeNull();
  expect(await stores.rotations.leaf(old, 'old')).toBeNull();
  expect(await stores.journal.acquireLease(running, 'coordinator', 'another', 60_000)).toBeNull();
  expect(await stores.journal.read(old)).toEqual(before);
  const { items } = await new AuditRecords(stores.dataSource).listEntries(
    { operation: 'retention.pruned' },
    { cursor: null, limit: 10 },
  );
  expect(items).toMatchObject([{ actor: 'windlass', details: { days: 90, leases: 1, probeLeaves: 1 } }]);
});
