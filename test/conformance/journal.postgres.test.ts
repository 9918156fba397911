import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppendTooLate, LeaseLost } from '#engine';
import { type FleetView, openDataSource, PostgresJournal, PostgresRotationStore } from '#persistence';
import { type CommitFault, startCommitWire } from '../kit/commit-wire.js';
import { aFleet, anAppend, aRotation, openTestStores, type TestStores, taken } from '../kit/stored-fleet.js';

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

const append = (expected: number, term: number) =>
  stores.journal.append(anAppend(rotationId, expected, { events: [taken(term)] }));

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

describe('an append that waits for the rotation', () => {
  /** Runs `work` while another transaction holds the rotation's row, and lets go when it says so. */
  const whileHeld = async <T>(work: (letGo: () => Promise<void>) => Promise<T>): Promise<T> => {
    const other = stores.dataSource.createQueryRunner();
    await other.startTransaction();
    await other.query('SELECT 1 FROM rotations WHERE id = $1 FOR UPDATE', [rotationId]);
    try {
      return await work(() => other.commitTransaction());
    } finally {
      await other.release();
    }
  };

  it('asks the clock behind the wait', async () => {
    const outcome = await whileHeld(async (letGo) => {
      const notAfter = (await stores.journal.now()) + 100;
      const waiting = stores.journal.append(anAppend(rotationId, 1, { notAfter })).catch((error) => error);
      await sleep(200);
      await letGo();
      return waiting;
    });
    expect(outcome).toBeInstanceOf(AppendTooLate);
    expect(await stores.journal.read(rotationId)).toHaveLength(1);
  });

  it('sees the takeover that it waited for', async () => {
    const stale = await stores.journal.acquireLease(rotationId, 'batch/0', 'worker a', 1);
    await sleep(20);
    const [taker, outcome] = await whileHeld(async (letGo) => {
      const takeover = stores.journal.acquireLease(rotationId, 'batch/0', 'worker b', 60_000);
      await expectWaiting(1);
      const late = stores.journal.append(anAppend(rotationId, 1, { lease: stale })).catch((error) => error);
      await expectWaiting(2);
      await letGo();
      return Promise.all([takeover, late]);
    });
    expect(taker).toMatchObject({ term: 2 });
    expect(outcome).toBeInstanceOf(LeaseLost);
  });

  const expectWaiting = (count: number) =>
    expect
      .poll(async () => {
        const waiting = await stores.dataSource.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return waiting.length;
      })
      .toBe(count);
});

describe('onAppend', () => {
  it('goes on after its connection broke, with a call for what was missed', async () => {
    let calls = 0;
    const end = await stores.journal.onAppend(rotationId, () => {
      calls += 1;
    });
    await stores.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'windlass journal hints' AND datname = current_database()`,
    );
    await append(1, 1);
    await expect.poll(() => calls, { timeout: 5000 }).toBeGreaterThanOrEqual(1);
    const before = calls;
    await append(2, 1);
    await expect.poll(() => calls, { timeout: 5000 }).toBe(before + 1);
    await end();
  });
});

describe('F09: a COMMIT whose outcome is unknown', () => {
  it.each<CommitFault>(['never-sent', 'answer-lost', 'late'])('%s: exactly one event', async (fault) => {
    const wire = await startCommitWire(stores.url);
    const dataSource = await openDataSource(wire.url, { poolSize: 4 });
    const journal = new PostgresJournal(dataSource);
    const lease = await journal.acquireLease(rotationId, 'coordinator', 'worker a', 60_000);
    for (let turn = 0; turn < 5; turn += 1) {
      wire.breakNextCommit(fault);
      const events = [taken(turn + 1)];
      const [entry] = await journal.append(anAppend(rotationId, 1 + turn, { lease, events }));
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
    await append(1, 1);
    await append(2, 2);
    await stores.dataSource.query('DROP FUNCTION die_once CASCADE; DROP SEQUENCE commits');
    expect((await stores.journal.read(rotationId)).map((entry) => entry.sequence)).toEqual([1, 2, 3]);
  });

  it('creates a rotation once when the answer is lost', async () => {
    const wire = await startCommitWire(stores.url);
    const dataSource = await openDataSource(wire.url, { poolSize: 2 });
    const rotations = new PostgresRotationStore(dataSource, stores.box);
    const other = await stores.fleetRecords.createFleet(aFleet());
    await rotations.nextEpoch();
    wire.breakNextCommit('answer-lost');
    rotationId = await aRotation({ rotations }, other);
    expect(wire.broken).toBe(1);
    expect(await stores.journal.read(rotationId)).toHaveLength(1);
    await dataSource.destroy();
    await wire.close();
  });

  it('reports a takeover as transient when the answer is lost, and fences nobody out for good', async () => {
    const wire = await startCommitWire(stores.url);
    const dataSource = await openDataSource(wire.url, { poolSize: 2 });
    wire.breakNextCommit('answer-lost');
    const lost = new PostgresJournal(dataSource).acquireLease(rotationId, 'batch/0', 'worker a', 50);
    await expect(lost).rejects.toMatchObject({ transient: true });
    await sleep(100);
    const next = await stores.journal.acquireLease(rotationId, 'batch/0', 'worker b', 60_000);
    expect(next).toMatchObject({ term: 2 });
    await dataSource.destroy();
    await wire.close();
  });
});
