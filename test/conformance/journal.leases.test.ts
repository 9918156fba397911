import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Lease, LeaseLost } from '#engine';
import type { Scope } from '#rotation';
import { anAppend, aRotation } from '../kit/stored-fleet.js';
import { JOURNAL_SERVERS, type JournalServer } from './journal.backends.js';

const LONG_MS = 60_000;

describe.each(JOURNAL_SERVERS)('Leases on $name', ({ start }) => {
  let server: JournalServer;
  let rotationId: string;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    rotationId = await aRotation(server, await server.addFleet());
  });

  const acquire = (scope: Scope, holder: string, ttl = LONG_MS) =>
    server.journal.acquireLease(rotationId, scope, holder, ttl);
  const take = async (scope: Scope, holder = 'worker a', ttl = LONG_MS): Promise<Lease> => {
    const lease = await acquire(scope, holder, ttl);
    if (lease === null) throw new Error(`${scope} is held`);
    return lease;
  };
  const append = (lease: Lease, expected = 1) =>
    server.journal.append(anAppend(rotationId, expected, { lease }));

  describe('a lease', () => {
    it('says whose journal and which rotation it is of', async () => {
      const epoch = await server.rotations.nextEpoch();
      expect(await take('coordinator')).toEqual({
        ...{ rotationId, scope: 'coordinator', holder: 'worker a', term: 1 },
        ...{ installation: await server.rotations.installation(), epoch: epoch - 1 },
      });
    });

    it('is held by one, with a term that grows', async () => {
      const first = await take('coordinator');
      expect(await acquire('coordinator', 'worker b')).toBeNull();
      expect(await acquire('coordinator', 'worker a')).toBeNull();
      await server.journal.releaseLease(first);
      expect(await server.journal.renewLease(first, LONG_MS)).toBe(false);
      expect(await take('coordinator', 'worker b')).toMatchObject({ term: 2, holder: 'worker b' });
      await server.journal.releaseLease(first);
      expect(await acquire('coordinator', 'worker c')).toBeNull();
    });

    it('goes to exactly one of twenty', async () => {
      const tries = Array.from({ length: 20 }, (_, n) => acquire('batch/3', `worker ${n}`));
      expect((await Promise.all(tries)).filter((lease) => lease !== null)).toHaveLength(1);
      expect(await take('coordinator')).toMatchObject({ term: 2 });
    });

    it('is taken over after it expired, and renewed until somebody did', async () => {
      const first = await take('coordinator', 'worker a', 1000);
      await server.pass(1100);
      expect(await server.journal.renewLease(first, 1000)).toBe(true);
      expect(await acquire('coordinator', 'worker b')).toBeNull();
      await server.pass(1100);
      expect(await take('coordinator', 'worker b')).toMatchObject({ term: 2 });
      expect(await server.journal.renewLease(first, LONG_MS)).toBe(false);
    });

    it('is told with all others that are held now, of this rotation and of no other', async () => {
      const held = async () => [...(await server.journal.heldScopes(rotationId))].toSorted();
      expect(await held()).toEqual([]);
      await take('coordinator');
      const batch = await take('batch/0', 'worker b');
      await take('batch/1', 'worker b', 1000);
      expect(await held()).toEqual(['batch/0', 'batch/1', 'coordinator']);
      await server.journal.releaseLease(batch);
      await server.pass(1100);
      expect(await held()).toEqual(['coordinator']);
      rotationId = await aRotation(server, await server.addFleet());
      expect(await held()).toEqual([]);
      expect([...(await server.journal.heldScopes('no uuid at all'))]).toEqual([]);
    });

    it('is of a rotation that exists', async () => {
      for (const id of [randomUUID(), 'no uuid at all']) {
        rotationId = id;
        await expect(acquire('coordinator', 'worker a')).rejects.toMatchObject({
          problem: { code: 'rotation.not-found' },
        });
      }
    });
  });

  describe('terms', () => {
    it('are of one counter for all scopes of a rotation', async () => {
      const coordinator = await take('coordinator');
      const batch = await take('batch/0', 'worker b');
      expect([coordinator.term, batch.term]).toEqual([1, 2]);
      await server.journal.releaseLease(batch);
      expect(await take('batch/0', 'worker c')).toMatchObject({ term: 3 });
      await append(coordinator);
      rotationId = await aRotation(server, await server.addFleet());
      expect(await take('batch/0')).toMatchObject({ term: 1 });
    });

    it('are never shared by scopes that are taken at once', async () => {
      const scopes = Array.from({ length: 20 }, (_, batch): Scope => `batch/${batch}`);
      const leases = await Promise.all(scopes.map((scope) => take(scope)));
      const terms = leases.map(({ term }) => term).sort((a, b) => a - b);
      expect(terms).toEqual(scopes.map((_, index) => index + 1));
    });
  });

  describe('an append', () => {
    it('F06: of a worker that slept past its lease fails once another took its batch over', async () => {
      const stale = await take('batch/0', 'worker a', 10);
      await server.pass(30);
      const newest = await take('batch/0', 'worker b');
      const failure = await append(stale).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(LeaseLost);
      expect(String(failure)).toContain('batch/0');
      expect(await server.journal.read(rotationId)).toHaveLength(1);
      await append(newest);
      await expect(append(stale, 2)).rejects.toBeInstanceOf(LeaseLost);
      expect(await server.journal.read(rotationId)).toHaveLength(2);
    });

    it('of an expired lease that nobody took is written, and a command needs none', async () => {
      const lease = await take('coordinator', 'worker a', 10);
      await server.pass(30);
      await append(lease);
      await server.journal.append(anAppend(rotationId, 2));
      expect(await server.journal.read(rotationId)).toHaveLength(3);
    });

    const FENCES: readonly [string, (lease: Lease) => Partial<Lease>][] = [
      ['lower term', ({ term }) => ({ term: term - 1 })],
      ['term that nobody was given', ({ term }) => ({ term: term + 1 })],
      ['scope', () => ({ scope: 'batch/7' })],
      ['scope that has a newer term', () => ({ scope: 'coordinator' })],
      ['installation', () => ({ installation: randomUUID() })],
      ['holder', () => ({ holder: 'a worker of before the restore' })],
      ['lower epoch', ({ epoch }) => ({ epoch: epoch - 1 })],
      ['higher epoch', ({ epoch }) => ({ epoch: epoch + 1 })],
    ];

    it.each(FENCES)(
      'under a lease of another %s is refused, and so is its renewal',
      async (_what, change) => {
        await server.journal.releaseLease(await take('batch/1'));
        const lease = await take('batch/1');
        await take('coordinator', 'worker a');
        const other = { ...lease, ...change(lease) };
        await expect(append(other)).rejects.toBeInstanceOf(LeaseLost);
        expect(await server.journal.renewLease(other, LONG_MS)).toBe(false);
        expect(await server.journal.read(rotationId)).toHaveLength(1);
        await append(lease);
      },
    );

    it('under a lease of another rotation is refused', async () => {
      const other = await take('coordinator');
      rotationId = await aRotation(server, await server.addFleet());
      await take('coordinator');
      await expect(append(other)).rejects.toBeInstanceOf(LeaseLost);
    });

    it('lets no takeover come between the check of its lease and its commit', async () => {
      const lease = await take('coordinator', 'worker a', 1);
      await server.pass(20);
      const appended = append(lease).catch((error: unknown) => error);
      const [outcome] = await Promise.all([appended, acquire('coordinator', 'worker b')]);
      const entries = await server.journal.read(rotationId);
      expect(entries).toHaveLength(outcome instanceof LeaseLost ? 1 : 2);
    });
  });
});
