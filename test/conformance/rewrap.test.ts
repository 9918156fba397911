import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '#engine';
import { SEALED_COLUMNS, SealedValues } from '#persistence';
import { GivenMasterKeys, SealedBox } from '#platform';
import { everyRow } from '../e2e/job-spy.js';
import { openTestStores, type TestStores } from '../kit/stored-fleet.js';
import { aMasterKey, DyingBox, HOSTS, openAll, type Planted, plant, recordsWith } from './rewrap.rig.js';

const sumOf = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0);

describe('moving every secret to another master key', () => {
  const [before, now] = [aMasterKey(), aMasterKey()];
  const old = new SealedBox(before);
  const both = new SealedBox(new GivenMasterKeys(now, [before]));
  let stores: TestStores;
  let planted: Planted;
  let secrets: readonly string[];

  beforeEach(async () => {
    stores = await openTestStores();
    planted = await plant(stores, old);
    secrets = await openAll(stores, old, planted);
  });
  afterEach(() => stores.close());

  it('leaves nothing in any column under the key before, and every secret as it was', async () => {
    const values = new SealedValues(stores.dataSource, both);
    const { moved, unopened } = await values.reseal();
    for (const column of Object.keys(SEALED_COLUMNS))
      expect(moved.get(column as never), column).toBeGreaterThan(0);
    expect(unopened).toEqual([]);
    expect(moved.get('hosts.private_key')).toBe(HOSTS);
    expect([...(await values.byMasterKey()).keys()]).toEqual([now.id]);
    expect(await openAll(stores, new SealedBox(now), planted)).toEqual(secrets);
    expect(sumOf((await values.reseal()).moved)).toBe(0);
  });

  it('knows every column of the database that holds a sealed value', async () => {
    const values = new SealedValues(stores.dataSource, both);
    await values.reseal();
    const dump = await everyRow(stores.url);
    expect(dump.match(/sealed2:/g)).toHaveLength(sumOf(await values.byMasterKey()));
    expect(dump).not.toMatch(new RegExp(`sealed\\d:${before.id}`));
  });

  it('is carried on after it was killed', async () => {
    const ring = new GivenMasterKeys(now, [before]);
    const killed = new SealedValues(stores.dataSource, new DyingBox(ring, 250)).reseal();
    await expect(killed).rejects.toMatchObject({ problem: { code: 'test.killed' } });
    const values = new SealedValues(stores.dataSource, both);
    const counts = await values.byMasterKey();
    expect(counts.get(now.id)).toBeGreaterThan(0);
    expect(counts.get(before.id)).toBeGreaterThan(0);
    expect(await openAll(stores, both, planted)).toEqual(secrets);
    expect(sumOf((await values.reseal()).moved)).toBe(counts.get(before.id));
    expect(await openAll(stores, new SealedBox(now), planted)).toEqual(secrets);
  });

  it('loses nothing that processes read and write meanwhile', async () => {
    const values = new SealedValues(stores.dataSource, both);
    const { rotations } = recordsWith(stores, both);
    let writes = 0;
    let over = false;
    const writing = async () => {
      for (; !over; writes += 1) {
        const privateKey = new Secret(`leaf key ${writes}`);
        const leaf = { certificatePem: 'l', chainPem: '', issuerPem: 'i', privateKey };
        await rotations.replaceLeaf(planted.rotationId, 'old', leaf);
      }
    };
    const reading = async () => {
      while (!over) expect(await openAll(stores, both, planted)).toHaveLength(secrets.length);
    };
    const busy = Promise.all([writing(), reading()]);
    await Promise.all([values.reseal(), new SealedValues(stores.dataSource, both).reseal()]);
    over = true;
    await busy;
    expect(writes).toBeGreaterThan(0);
    expect([...(await values.byMasterKey()).keys()]).toEqual([now.id]);
    const leaf = await rotations.leaf(planted.rotationId, 'old');
    expect(leaf?.privateKey.reveal()).toBe(`leaf key ${writes - 1}`);
  });

  it('names what no key opens, moves the rest, and says under which key it is left', async () => {
    const foreign = aMasterKey();
    const [fleetId = ''] = planted.fleetIds;
    const sample = { name: 'x', certificatePem: 'c', chainPem: '', expect: 'accepted' } as const;
    const { samples } = recordsWith(stores, new SealedBox(foreign));
    const { id } = await samples.addSample(fleetId, { ...sample, privateKey: new Secret('lost') });
    const values = new SealedValues(stores.dataSource, both);
    const { unopened } = await values.reseal();
    expect(unopened).toEqual([
      { column: 'sample_clients.private_key', rowId: id, why: expect.stringContaining(foreign.id) },
    ]);
    expect((await values.byMasterKey()).get(foreign.id)).toBe(1);
    expect((await values.byMasterKey()).has(before.id)).toBe(false);
  });
});
