import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GenerationSuperseded, type IssuedLeaf, ResourceHeld, Secret } from '#engine';
import { aRotation, type RecordedFleet, requested, rotatedMeanwhile } from '../kit/stored-fleet.js';
import { JOURNAL_SERVERS, type JournalServer } from './journal.backends.js';

describe.each(JOURNAL_SERVERS)('RotationStore on $name', ({ start }) => {
  let server: JournalServer;
  let fleet: RecordedFleet;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    fleet = await server.addFleet();
  });

  const create = async (id: string, keys: readonly string[], fleetId = fleet.id) => {
    const epoch = await server.rotations.nextEpoch();
    const locks = keys.map((key) => ({ key, label: `the ${key}` }));
    await server.rotations.create({ id, fleetId, epoch, locks }, requested(id, fleet, epoch));
  };

  describe('installation', () => {
    it('is the same for everybody, for ever', async () => {
      const asked = await Promise.all(Array.from({ length: 10 }, () => server.rotations.installation()));
      expect(new Set([...asked, await server.rotations.installation()]).size).toBe(1);
    });
  });

  describe('epochs', () => {
    it('grow, and are never given twice', async () => {
      const first = await server.rotations.nextEpoch();
      const more = await Promise.all(Array.from({ length: 20 }, () => server.rotations.nextEpoch()));
      expect([...more].sort((a, b) => a - b)).toEqual(more.map((_, index) => first + 1 + index));
    });

    it('go on above one that was seen on a host, and never below (I13)', async () => {
      const epoch = await server.rotations.nextEpoch();
      await server.rotations.raiseEpoch(epoch + 100);
      expect(await server.rotations.nextEpoch()).toBe(epoch + 101);
      await server.rotations.raiseEpoch(epoch);
      await server.rotations.raiseEpoch(epoch + 101);
      expect(await server.rotations.nextEpoch()).toBe(epoch + 102);
    });

    it('stay single while many raise and draw them at once', async () => {
      const epoch = await server.rotations.nextEpoch();
      const drawn = await Promise.all(
        Array.from({ length: 30 }, async (_, index) => {
          const seen = epoch + ((index * 7) % 30);
          await server.rotations.raiseEpoch(seen);
          const next = await server.rotations.nextEpoch();
          expect(next).toBeGreaterThan(seen);
          return next;
        }),
      );
      expect(new Set(drawn).size).toBe(30);
      expect(await server.rotations.nextEpoch()).toBe(Math.max(...drawn) + 1);
    });
  });

  describe('create', () => {
    it('records rotation, first entry and locks', async () => {
      const id = randomUUID();
      await create(id, ['ca:b', 'ca:a']);
      expect(await server.rotation(id)).toEqual({
        ...{ status: 'pending', phase: 'preflight', ended: false, locks: ['ca:a', 'ca:b'] },
      });
      expect((await server.journal.read(id)).map(({ sequence }) => sequence)).toEqual([1]);
      expect(await server.rotations.active()).toContain(id);
      expect(await server.rotations.summary(id)).toEqual({ fleetId: fleet.id, status: 'pending' });
    });

    it('F25: names what is held and by whom, and leaves nothing behind', async () => {
      const [holder, second, third] = [randomUUID(), randomUUID(), randomUUID()];
      const [shared, own] = [`host:${holder}`, `a-host:${holder}`];
      await create(holder, [shared]);
      const failure = await create(second, [own, shared]).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ResourceHeld);
      expect(failure).toMatchObject({ resource: `the ${shared}`, holderRotationId: holder });
      expect(await server.journal.read(second)).toEqual([]);
      expect(await server.rotations.summary(second)).toBeNull();
      await create(third, [own]);
    });

    it('F25: gives what twenty want at once, in any order, to one of them', async () => {
      const keys = [`host:${randomUUID()}`, `host:${randomUUID()}`, `host:${randomUUID()}`];
      const orders = [keys, [...keys].reverse()];
      const tries = Array.from({ length: 20 }, (_, index) => create(randomUUID(), orders[index % 2] ?? []));
      const outcomes = await Promise.allSettled(tries);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(ResourceHeld);
    });

    it('refuses to begin with a generation that has gone since it was read, and leaves nothing behind', async () => {
      const [stale, fresh] = [randomUUID(), randomUUID()];
      const generation = await rotatedMeanwhile(server, fleet);
      const failure = await create(stale, [`fleet:${fleet.id}`]).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(GenerationSuperseded);
      expect(failure).toMatchObject({ fleetName: fleet.name });
      expect(await server.journal.read(stale)).toEqual([]);
      expect(await server.rotations.summary(stale)).toBeNull();
      fleet = { ...fleet, generation };
      await create(fresh, [`fleet:${fleet.id}`]);
    });

    it('refuses it for each fleet that rotates along', async () => {
      const [id, epoch, other] = [randomUUID(), await server.rotations.nextEpoch(), await server.addFleet()];
      const { snapshot, ...event } = requested(id, fleet, epoch);
      const along = { fleetId: other.id, fleetName: other.name, old: other.generation, hostIds: [] };
      const ofBoth = { ...event, snapshot: { ...snapshot, otherFleets: [along] } };
      const rotation = { id, fleetId: fleet.id, otherFleetIds: [other.id], epoch, locks: [] };
      await rotatedMeanwhile(server, other);
      await expect(server.rotations.create(rotation, ofBoth)).rejects.toMatchObject({
        fleetName: other.name,
      });
    });

    it('refuses an id that is taken, and a fleet that is not there', async () => {
      const id = await aRotation(server, fleet);
      await expect(create(id, [])).rejects.toMatchObject({ problem: { code: 'rotation.exists' } });
      const nowhere = create(randomUUID(), [], randomUUID());
      await expect(nowhere).rejects.toMatchObject({ problem: { code: 'fleet.not-found' } });
    });
  });

  describe('probe leaves', () => {
    const aLeaf = (name: string): IssuedLeaf => ({
      ...{ certificatePem: `certificate ${name}`, chainPem: '', issuerPem: 'issuer' },
      privateKey: new Secret(`key ${name}`),
    });

    it('are kept one by role, the first for good', async () => {
      const id = await aRotation(server, fleet);
      expect(await server.rotations.leaf(id, 'old')).toBeNull();
      await server.rotations.saveLeaf(id, 'old', aLeaf('one'));
      await server.rotations.saveLeaf(id, 'old', aLeaf('two'));
      const leaf = await server.rotations.leaf(id, 'old');
      expect(leaf).toMatchObject({ certificatePem: 'certificate one', chainPem: '', issuerPem: 'issuer' });
      expect(leaf?.privateKey.reveal()).toBe('key one');
      expect(await server.rotations.leaf(id, 'new')).toBeNull();
    });

    it('are replaced where that is asked for', async () => {
      const id = await aRotation(server, fleet);
      await server.rotations.replaceLeaf(id, 'new', aLeaf('one'));
      await server.rotations.replaceLeaf(id, 'new', aLeaf('two'));
      await server.rotations.saveLeaf(id, 'new', aLeaf('three'));
      const leaf = await server.rotations.leaf(id, 'new');
      expect(leaf).toMatchObject({ certificatePem: 'certificate two', issuerPem: 'issuer' });
      expect(leaf?.privateKey.reveal()).toBe('key two');
    });
  });

  it('knows nothing of a rotation that is not there', async () => {
    for (const id of [randomUUID(), 'no uuid at all']) {
      expect(await server.rotations.summary(id)).toBeNull();
      expect(await server.rotations.leaf(id, 'old')).toBeNull();
    }
  });
});
