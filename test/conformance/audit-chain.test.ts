import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuditEntry, hashOf } from '#audit-chain';
import type { NewAuditFact } from '#engine';
import { AuditRecords, openDataSource, PostgresAuditLog, verifyAudit } from '#persistence';
import { EVENT_VERSION } from '#rotation';
import { startCommitWire } from '../kit/commit-wire.js';
import {
  aFleet,
  anAppend,
  aRotation,
  openTestStores,
  requested,
  type TestStores,
} from '../kit/stored-fleet.js';

let stores: TestStores;
let log: PostgresAuditLog;
let records: AuditRecords;

beforeEach(async () => {
  stores = await openTestStores();
  log = new PostgresAuditLog(stores.dataSource);
  records = new AuditRecords(stores.dataSource);
});
afterEach(() => stores.close());

const aFact = (over: Partial<NewAuditFact> = {}): NewAuditFact => ({
  ...{ stage: 'outcome', outcome: 'succeeded', operation: 'pauseRotation', subjects: ['rotation:1'] },
  ...{ actor: 'api-key:1', actorLabel: 'ana', actorRole: 'operator', requestId: randomUUID() },
  ...{ reason: 'to see "ö"', address: '127.0.0.1', details: { fields: ['reason'] } },
  ...over,
});

async function aChain(length: number): Promise<void> {
  for (let one = 0; one < length; one += 1) await log.record(aFact({ reason: `reason ${one + 1}` }));
}

const verify = (expected: { count: number; hash: string } | null = null) =>
  verifyAudit(stores.dataSource, expected);

/** As a superuser who knows that there are triggers. */
async function tamper(...statements: string[]): Promise<void> {
  const runner = stores.dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query('SET LOCAL session_replication_role = replica');
  for (const statement of statements) await runner.query(statement);
  await runner.commitTransaction();
  await runner.release();
}

async function all(): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for await (const entry of records.entries({})) entries.push(entry);
  return entries;
}

describe('the audit chain', () => {
  it.each([
    'UPDATE audit_entries SET actor = actor',
    'DELETE FROM audit_entries',
    'TRUNCATE audit_entries',
    'DELETE FROM audit_head',
    'TRUNCATE audit_head',
  ])('%s is refused', async (statement) => {
    await expect(stores.dataSource.query(statement)).rejects.toThrow(/rows are never changed/);
  });

  it('is whole as it was written, and ends where the head says', async () => {
    await aChain(5);
    const head = await records.head();
    expect(head.count).toBe(5);
    expect(await verify()).toEqual({ head, fault: null, journals: 0 });
    expect(await verify(head)).toMatchObject({ fault: null });
  });

  it('is one chain whoever appends, with times that go up with the numbers', async () => {
    const others = await Promise.all([1, 2, 3].map(() => openDataSource(stores.url, { poolSize: 3 })));
    const replicas = [log, ...others.map((one) => new PostgresAuditLog(one))];
    const each = replicas.flatMap((replica) => Array.from({ length: 60 }, () => replica.record(aFact())));
    const numbers = await Promise.all(each);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 240 }, (_, place) => place + 1));
    const times = (await all()).map(({ at }) => at);
    expect(times.toSorted()).toEqual(times);
    expect(await verify()).toMatchObject({ fault: null, head: { count: 240 } });
    await Promise.all(others.map((one) => one.destroy()));
  });

  it.each(['never-sent', 'answer-lost', 'late'] as const)(
    'has an entry once whose COMMIT got no answer (%s)',
    async (fault) => {
      const wire = await startCommitWire(stores.url);
      const dataSource = await openDataSource(wire.url, { poolSize: 2 });
      wire.breakNextCommit(fault);
      expect(await new PostgresAuditLog(dataSource).record(aFact())).toBe(1);
      expect(wire.broken).toBe(1);
      expect(await verify()).toMatchObject({ fault: null, head: { count: 1 } });
      await dataSource.destroy();
      await wire.close();
    },
  );

  it('keeps the others where PostgreSQL does not take one', async () => {
    const taken = [log.record(aFact()), log.record(aFact()), log.record(aFact())];
    const refused = log.record(aFact({ reason: 'a \0 in it' }));
    await expect(refused).rejects.toThrow();
    expect(await Promise.all(taken)).toEqual([1, 2, 3]);
    expect(await verify()).toMatchObject({ fault: null, head: { count: 3 } });
  });
});

describe('what verify finds', () => {
  beforeEach(() => aChain(6));

  it.each<[string, string[], object]>([
    [
      'a changed row',
      [`UPDATE audit_entries SET reason = 'another' WHERE number = 3`],
      { number: 3, kind: 'changed' },
    ],
    [
      'a changed detail',
      [`UPDATE audit_entries SET details = '{}' WHERE number = 4`],
      { number: 4, kind: 'changed' },
    ],
    [
      'a changed time',
      [`UPDATE audit_entries SET at = at + interval '1 ms' WHERE number = 1`],
      { number: 1, kind: 'changed' },
    ],
    ['a deleted row', ['DELETE FROM audit_entries WHERE number = 2'], { number: 2, kind: 'missing' }],
    ['a deleted first row', ['DELETE FROM audit_entries WHERE number = 1'], { number: 1, kind: 'missing' }],
    [
      'two rows swapped',
      [
        'UPDATE audit_entries SET number = 99 WHERE number = 2',
        'UPDATE audit_entries SET number = 2 WHERE number = 5',
        'UPDATE audit_entries SET number = 5 WHERE number = 99',
      ],
      { number: 2, kind: 'changed' },
    ],
    ['a tail cut off', ['DELETE FROM audit_entries WHERE number > 4'], { number: 5, kind: 'truncated' }],
    [
      'a row behind the head',
      ['UPDATE audit_head SET count = 5, hash = (SELECT hash FROM audit_entries WHERE number = 5)'],
      { number: 6, kind: 'other-history' },
    ],
  ])('%s', async (_, statements, fault) => {
    await tamper(...statements);
    expect((await verify()).fault).toMatchObject(fault);
  });

  it('a tail cut off together with the head, by a head that was kept elsewhere, and only so', async () => {
    const kept = await records.head();
    await tamper(
      'DELETE FROM audit_entries WHERE number > 4',
      'UPDATE audit_head SET count = 4, hash = (SELECT hash FROM audit_entries WHERE number = 4)',
    );
    expect((await verify()).fault).toBeNull();
    expect((await verify(kept)).fault).toMatchObject({ number: 5, kind: 'truncated' });
  });

  it('a changed row with a hash that fits', async () => {
    const third = (await all())[2];
    if (!third) throw new Error('no third');
    const hash = hashOf({ ...third, actor: 'api-key:2' });
    await tamper(`UPDATE audit_entries SET actor = 'api-key:2', hash = '${hash}' WHERE number = 3`);
    expect((await verify()).fault).toMatchObject({ number: 4, kind: 'unlinked' });
  });
});

describe('a rotation that ends', () => {
  let rotationId: string;

  beforeEach(async () => {
    await aChain(2);
    const fleet = await stores.fleetRecords.createFleet(aFleet());
    rotationId = await aRotation(stores, fleet);
    const append = anAppend(rotationId, 1, {
      events: [{ v: EVENT_VERSION, type: 'rotation.ended', status: 'cancelled', because: 'a test \u0000' }],
    });
    const projection = { ...append.projection, ended: true, status: 'cancelled' as const };
    const fleets = [{ fleetId: fleet.id, decidedGenerationId: null }];
    await stores.journal.append({ ...append, projection: { ...projection, fleets } });
  });

  it('leaves the digest of its journal in the chain, in the same transaction', async () => {
    expect((await all()).at(-1)).toMatchObject({
      ...{ number: 3, stage: 'event', actor: 'windlass', operation: 'rotation.ended' },
      subjects: [`rotation:${rotationId}`, expect.stringMatching(/^fleet:/)],
      details: {
        status: 'cancelled',
        journalEntries: 2,
        journalDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    expect(await verify()).toMatchObject({ fault: null, journals: 1 });
  });

  it.each([
    ['was changed', `UPDATE journal_entries SET event = json_build_object('v', 5) WHERE sequence = 1`],
    ['was dated back', `UPDATE journal_entries SET at = at - interval '1 day' WHERE sequence = 1`],
    ['lost its last entry', 'DELETE FROM journal_entries WHERE sequence = 2'],
    ['is gone', 'DELETE FROM journal_entries'],
  ])('is named by verify once its journal %s', async (_, statement) => {
    await tamper(statement);
    const { fault } = await verify();
    expect(fault).toMatchObject({ number: 3, kind: 'journal-changed' });
    expect(fault?.message).toContain(rotationId);
  });
});

describe('what Windlass does by itself', () => {
  it('is in the chain once: an epoch that is raised, a schedule that stops', async () => {
    await stores.rotations.raiseEpoch(7);
    await stores.rotations.raiseEpoch(7);
    const fleet = await stores.fleetRecords.createFleet(aFleet());
    const settings = { cron: '0 4 * * *', timeZone: 'UTC', enabled: true };
    const { id } = await stores.scheduleRecords.addSchedule(fleet.id, {
      ...settings,
      rotateWhenDaysLeft: 30,
    });
    const rotationId = await aRotation(stores, fleet);
    for (const at of [1_000, 2_000])
      await stores.schedules.suspend(id, { at, rotationId, status: 'reverted' });
    expect(await all()).toMatchObject([
      { actor: 'windlass', operation: 'epoch.raised', details: { epoch: 7 } },
      { operation: 'schedule.suspended', subjects: [`schedule:${id}`, `rotation:${rotationId}`] },
    ]);
  });

  it('names the schedule that started a rotation', async () => {
    const fleet = await stores.fleetRecords.createFleet(aFleet());
    const settings = { cron: '0 4 * * *', timeZone: 'UTC', enabled: true };
    const { id } = await stores.scheduleRecords.addSchedule(fleet.id, {
      ...settings,
      rotateWhenDaysLeft: 30,
    });
    const rotationId = randomUUID();
    const rotation = {
      id: rotationId,
      fleetId: fleet.id,
      epoch: 1,
      locks: [],
      tick: { scheduleId: id, at: 1_000 },
    };
    await stores.rotations.create(rotation, requested(rotationId, fleet, 1));
    expect(await all()).toMatchObject([
      {
        ...{ actor: `schedule:${id}`, operation: 'rotation.started', reason: 'to see' },
        subjects: [`rotation:${rotationId}`, `fleet:${fleet.id}`, `schedule:${id}`],
      },
    ]);
  });
});

describe('the log', () => {
  it('comes in pages, newest first, by who, what, on what and when', async () => {
    for (const [actor, operation, subject] of [
      ['api-key:1', 'createFleet', 'fleet:1'],
      ['api-key:2', 'pauseRotation', 'rotation:1'],
      ['api-key:1', 'pauseRotation', 'rotation:2'],
    ] as const) {
      await log.record(aFact({ actor, operation, subjects: ['fleet:1', subject] }));
    }
    const numbers = async (filter: object, page: { cursor: string | null; limit: number }) => {
      const { items, nextCursor } = await records.listEntries(filter, page);
      return { numbers: items.map(({ number }) => number), nextCursor };
    };
    const most = { cursor: null, limit: 10 };
    const first = await numbers({}, { cursor: null, limit: 2 });
    expect(first.numbers).toEqual([3, 2]);
    const next = { cursor: first.nextCursor, limit: 2 };
    expect(await numbers({}, next)).toEqual({ numbers: [1], nextCursor: null });
    expect((await numbers({ actor: 'api-key:1' }, most)).numbers).toEqual([3, 1]);
    expect((await numbers({ operation: 'pauseRotation' }, most)).numbers).toEqual([3, 2]);
    expect((await numbers({ subject: 'rotation:1' }, most)).numbers).toEqual([2]);
    expect((await numbers({ subject: 'fleet:1' }, most)).numbers).toEqual([3, 2, 1]);
    const [{ at }] = (await all()) as [AuditEntry];
    expect((await numbers({ until: new Date(at) }, most)).numbers).toEqual([]);
    expect((await numbers({ from: new Date(at) }, most)).numbers).toEqual([3, 2, 1]);
    await expect(numbers({}, { cursor: 'bm9uZQ', limit: 2 })).rejects.toMatchObject({
      problem: { code: 'page.bad-cursor' },
    });
  });
});
