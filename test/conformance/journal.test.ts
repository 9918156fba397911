import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { JournalConflict } from '#engine';
import { type FleetView, openDataSource, PostgresJournal } from '#persistence';
import { EVENT_VERSION, type RotationEvent } from '#rotation';
import { type CommitFault, startCommitWire } from '../kit/commit-wire.js';
import {
  aBundle,
  aFleet,
  aRotation,
  openTestStores,
  RUNNING,
  type TestStores,
  taken,
} from '../kit/stored-fleet.js';

let stores: TestStores;
let fleet: FleetView;
let rotationId: string;

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  fleet = await stores.fleetRecords.createFleet(aFleet());
  rotationId = await aRotation(stores, fleet);
});

const append = (expected: number, events: RotationEvent[], journal = stores.journal) =>
  journal.append(rotationId, expected, null, events, RUNNING);

describe('append', () => {
  it('numbers entries without gaps and gives them back as they were', async () => {
    const nul: RotationEvent = {
      ...{ v: EVENT_VERSION, type: 'effect.failed', effectId: 'e', transient: false },
      reason: {
        code: 'host.script-failed',
        message: 'äöü \u0000 \ud83d\ude00',
        nextStep: 'n',
        detail: '"\\',
      },
    };
    const written = await append(1, [taken(1), nul]);
    expect(written.map((entry) => entry.sequence)).toEqual([2, 3]);
    expect(written[1]?.event).toEqual(nul);
    const read = await stores.journal.read(rotationId);
    expect(read.map((entry) => entry.event.type)).toEqual([
      'rotation.requested',
      'term.taken',
      'effect.failed',
    ]);
    expect(read.slice(1)).toEqual(written);
    expect(await stores.journal.read(rotationId, 2)).toEqual(written.slice(1));
    for (const { at } of read) expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('lets exactly one of twenty win', async () => {
    const tries = Array.from({ length: 20 }, (_, index) => append(1, [taken(index + 1), taken(index + 1)]));
    const outcomes = await Promise.allSettled(tries);
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(won).toHaveLength(1);
    for (const { reason } of lost) expect(reason).toBeInstanceOf(JournalConflict);
    expect(await stores.journal.read(rotationId)).toHaveLength(3);
  });

  it('keeps the order of twenty that read again after a conflict', async () => {
    const one = async (term: number) => {
      for (;;) {
        const last = (await stores.journal.read(rotationId)).at(-1)?.sequence ?? 0;
        try {
          return await append(last, [taken(term)]);
        } catch (error) {
          if (!(error instanceof JournalConflict)) throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => one(index + 1)));
    const entries = await stores.journal.read(rotationId);
    expect(entries.map((entry) => entry.sequence)).toEqual(
      Array.from({ length: 21 }, (_, index) => index + 1),
    );
    const terms = entries.flatMap(({ event }) => (event.type === 'term.taken' ? [event.term] : []));
    expect(new Set(terms).size).toBe(20);
    expect([...entries].sort((a, b) => a.at.localeCompare(b.at))).toEqual(entries);
  });

  it('refuses a wrong sequence, both behind and ahead', async () => {
    await expect(append(0, [taken(1)])).rejects.toBeInstanceOf(JournalConflict);
    await expect(append(2, [taken(1)])).rejects.toBeInstanceOf(JournalConflict);
  });

  it('names a rotation that does not exist', async () => {
    rotationId = randomUUID();
    await expect(append(0, [taken(1)])).rejects.toMatchObject({ problem: { code: 'rotation.not-found' } });
    rotationId = 'no uuid at all';
    await expect(append(0, [taken(1)])).rejects.toMatchObject({ problem: { code: 'rotation.not-found' } });
    expect(await stores.journal.read(rotationId)).toEqual([]);
  });
});

describe('projection', () => {
  const rotation = async () =>
    (await stores.dataSource.query('SELECT * FROM rotations WHERE id = $1', [rotationId]))[0];
  const locks = () => stores.dataSource.query('SELECT key FROM locks WHERE rotation_id = $1', [rotationId]);

  it('is written with the entry', async () => {
    await stores.journal.append(rotationId, 1, null, [taken(1)], {
      ...RUNNING,
      status: 'blocked',
      phase: 'expand',
    });
    expect(await rotation()).toMatchObject({
      version: 2,
      status: 'blocked',
      phase: 'expand',
      ended_at: null,
    });
    expect(await locks()).toHaveLength(1);
  });

  it('sets the decided generation, and does not when the append loses', async () => {
    const overlap = await stores.fleets.addGeneration(fleet.id, aBundle());
    const decided = { ...RUNNING, decidedGenerationId: overlap.id };
    await expect(stores.journal.append(rotationId, 9, null, [taken(1)], decided)).rejects.toThrow(
      JournalConflict,
    );
    expect((await stores.fleetRecords.getFleet(fleet.id)).generation.number).toBe(1);
    await stores.journal.append(rotationId, 1, null, [taken(1)], decided);
    expect(await stores.fleetRecords.getFleet(fleet.id)).toMatchObject({
      generation: { number: 2 },
      lastRotatedAt: null,
    });
  });

  it('refuses the generation of another fleet, whole', async () => {
    const other = await stores.fleetRecords.createFleet(aFleet());
    const decided = { ...RUNNING, decidedGenerationId: other.generation.id };
    await expect(stores.journal.append(rotationId, 1, null, [taken(1)], decided)).rejects.toThrow(
      /generation/,
    );
    expect(await stores.journal.read(rotationId)).toHaveLength(1);
  });

  it('frees the locks at the end, and sets "last rotated" only after a success', async () => {
    const ended: RotationEvent = {
      v: EVENT_VERSION,
      type: 'rotation.ended',
      status: 'reverted',
      because: 'b',
    };
    const projection = { ...RUNNING, status: 'reverted', phase: 'done', ended: true } as const;
    await stores.journal.append(rotationId, 1, null, [ended], projection);
    expect(await locks()).toEqual([]);
    expect((await rotation()).ended_at).toBeInstanceOf(Date);
    expect((await stores.fleetRecords.getFleet(fleet.id)).lastRotatedAt).toBeNull();
    expect(await stores.rotations.active()).not.toContain(rotationId);

    rotationId = await aRotation(stores, fleet);
    await stores.journal.append(rotationId, 1, null, [{ ...ended, status: 'succeeded' }], {
      ...projection,
      status: 'succeeded',
      rotated: true,
    });
    expect((await stores.fleetRecords.getFleet(fleet.id)).lastRotatedAt).toBeInstanceOf(Date);
    await expect(append(2, [taken(1)])).rejects.toMatchObject({ problem: { code: 'rotation.ended' } });
  });
});

describe('leases', () => {
  it('are held by one, by the clock of the database, with a term that grows', async () => {
    const first = await stores.journal.acquireLease(rotationId, 'worker a', 60_000);
    expect(first).toEqual({ rotationId, holder: 'worker a', term: 1 });
    expect(await stores.journal.acquireLease(rotationId, 'worker b', 60_000)).toBeNull();
    expect(await stores.journal.acquireLease(rotationId, 'worker a', 60_000)).toBeNull();
    if (first === null) throw new Error('no lease');
    await stores.journal.releaseLease(first);
    expect(await stores.journal.renewLease(first, 60_000)).toBe(false);
    expect(await stores.journal.acquireLease(rotationId, 'worker b', 60_000)).toMatchObject({ term: 2 });
    await stores.journal.releaseLease(first);
    expect(await stores.journal.acquireLease(rotationId, 'worker c', 60_000)).toBeNull();
  });

  it('go to exactly one of twenty', async () => {
    const tries = Array.from({ length: 20 }, (_, n) =>
      stores.journal.acquireLease(rotationId, `worker ${n}`, 60_000),
    );
    expect((await Promise.all(tries)).filter((lease) => lease !== null)).toHaveLength(1);
  });

  it('are taken over after they expired, and renewed until somebody did', async () => {
    const first = await stores.journal.acquireLease(rotationId, 'worker a', 100);
    if (first === null) throw new Error('no lease');
    await sleep(150);
    expect(await stores.journal.renewLease(first, 100)).toBe(true);
    expect(await stores.journal.acquireLease(rotationId, 'worker b', 60_000)).toBeNull();
    await sleep(150);
    expect(await stores.journal.acquireLease(rotationId, 'worker b', 60_000)).toMatchObject({ term: 2 });
    expect(await stores.journal.renewLease(first, 60_000)).toBe(false);
  });

  it('guard appends: a lower term fails, the newest does not, a command needs none (F06)', async () => {
    const stale = await stores.journal.acquireLease(rotationId, 'worker a', 1);
    await sleep(20);
    const newest = await stores.journal.acquireLease(rotationId, 'worker b', 60_000);
    await expect(stores.journal.append(rotationId, 1, stale, [taken(1)], RUNNING)).rejects.toThrow(
      JournalConflict,
    );
    await stores.journal.append(rotationId, 1, newest, [taken(2)], RUNNING);
    await stores.journal.append(rotationId, 2, null, [taken(2)], RUNNING);
    expect(await stores.journal.read(rotationId)).toHaveLength(3);
  });

  it('cannot be taken over between the check of an append and its commit', async () => {
    const lease = await stores.journal.acquireLease(rotationId, 'worker a', 1);
    await sleep(20);
    const appended = stores.journal
      .append(rotationId, 1, lease, [taken(1)], RUNNING)
      .catch((error: unknown) => error);
    const takeover = stores.journal.acquireLease(rotationId, 'worker b', 60_000);
    const [outcome] = await Promise.all([appended, takeover]);
    const entries = await stores.journal.read(rotationId);
    expect(outcome instanceof JournalConflict ? entries.length : entries.length - 1).toBe(1);
  });
});

describe('append-only', () => {
  it.each([
    'UPDATE journal_entries SET type = type',
    'DELETE FROM journal_entries',
    'TRUNCATE journal_entries',
    'TRUNCATE rotations CASCADE',
    'UPDATE generations SET content = content',
  ])('%s is refused', async (statement) => {
    await expect(stores.dataSource.query(statement)).rejects.toThrow(/rows are never changed/);
  });
});

describe('onAppend', () => {
  it('calls soon, for its rotation only, until it is ended', async () => {
    const other = await aRotation(stores, await stores.fleetRecords.createFleet(aFleet()));
    let calls = 0;
    let otherCalls = 0;
    const end = await stores.journal.onAppend(rotationId, () => {
      calls += 1;
    });
    const endOther = await stores.journal.onAppend(other, () => {
      otherCalls += 1;
    });
    await sleep(50);
    [calls, otherCalls] = [0, 0];
    const started = Date.now();
    await append(1, [taken(1), taken(1)]);
    await expect.poll(() => calls, { interval: 1 }).toBe(1);
    expect(Date.now() - started).toBeLessThan(1000);
    expect(otherCalls).toBe(0);
    await end();
    await append(3, [taken(1)]);
    await sleep(100);
    expect(calls).toBe(1);
    await endOther();
  });

  it('goes on after its connection broke, with a call for what was missed', async () => {
    let calls = 0;
    const end = await stores.journal.onAppend(rotationId, () => {
      calls += 1;
    });
    await stores.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'windlass journal hints' AND datname = current_database()`,
    );
    await append(1, [taken(1)]);
    await expect.poll(() => calls, { timeout: 5000 }).toBeGreaterThanOrEqual(1);
    const before = calls;
    await append(2, [taken(1)]);
    await expect.poll(() => calls, { timeout: 5000 }).toBe(before + 1);
    await end();
  });
});

describe('a COMMIT whose outcome is unknown (F09)', () => {
  it.each<CommitFault>(['never-sent', 'answer-lost', 'late'])('%s: exactly one event', async (fault) => {
    const wire = await startCommitWire(stores.url);
    const dataSource = await openDataSource(wire.url, { poolSize: 4 });
    const journal = new PostgresJournal(dataSource);
    const lease = await journal.acquireLease(rotationId, 'worker a', 60_000);
    for (let turn = 0; turn < 5; turn += 1) {
      wire.breakNextCommit(fault);
      const [entry] = await journal.append(rotationId, 1 + turn, lease, [taken(turn + 1)], RUNNING);
      expect(entry).toMatchObject({ sequence: 2 + turn, event: { term: turn + 1 } });
    }
    expect(wire.broken).toBe(5);
    expect(await stores.journal.read(rotationId)).toHaveLength(6);
    await dataSource.destroy();
    await wire.close();
  });

  it('a backend terminated inside COMMIT: exactly one event', async () => {
    await stores.dataSource.query(`
      CREATE SEQUENCE commits;
      CREATE FUNCTION die_once() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('commits') IN (1, 3) THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER die_at_commit AFTER INSERT ON journal_entries
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die_once()`);
    await append(1, [taken(1)]);
    await append(2, [taken(2)]);
    await stores.dataSource.query('DROP FUNCTION die_once CASCADE; DROP SEQUENCE commits');
    expect((await stores.journal.read(rotationId)).map((entry) => entry.sequence)).toEqual([1, 2, 3]);
  });

  it('creates a rotation once when the answer is lost', async () => {
    const wire = await startCommitWire(stores.url);
    const dataSource = await openDataSource(wire.url, { poolSize: 2 });
    const { PostgresRotationStore } = await import('#persistence');
    const lost = { ...stores, rotations: new PostgresRotationStore(dataSource, stores.box) };
    const other = await stores.fleetRecords.createFleet(aFleet());
    await lost.rotations.nextEpoch();
    wire.breakNextCommit('answer-lost');
    rotationId = await aRotation(lost, other);
    expect(wire.broken).toBe(1);
    expect(await stores.journal.read(rotationId)).toHaveLength(1);
    await dataSource.destroy();
    await wire.close();
  });
});
