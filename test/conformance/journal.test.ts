import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppendTooLate, JournalConflict } from '#engine';
import { EVENT_VERSION, type RotationEvent } from '#rotation';
import { anAppend, aRotation, taken } from '../kit/stored-fleet.js';
import { JOURNAL_SERVERS, type JournalServer } from './journal.backends.js';

const DEADLINE = { timeout: 10_000, interval: 5 };

describe.each(JOURNAL_SERVERS)('Journal on $name', ({ start }) => {
  let server: JournalServer;
  let rotationId: string;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    rotationId = await aRotation(server, await server.addFleet());
  });

  const append = (expected: number, ...events: RotationEvent[]) =>
    server.journal.append(anAppend(rotationId, expected, { events }));

  describe('append', () => {
    it('numbers entries without gaps and gives them back as they were', async () => {
      const nul: RotationEvent = {
        ...{ v: EVENT_VERSION, type: 'effect.failed', effectId: 'e', transient: false, term: 1 },
        reason: {
          code: 'host.script-failed',
          message: 'äöü \u0000 \ud83d\ude00',
          nextStep: 'n',
          detail: '"\\',
        },
      };
      const written = await append(1, taken(1), nul);
      expect(written.map((entry) => entry.sequence)).toEqual([2, 3]);
      expect(written[1]?.event).toEqual(nul);
      const read = await server.journal.read(rotationId);
      expect(read.map((entry) => entry.event.type)).toEqual([
        'rotation.requested',
        'term.taken',
        'effect.failed',
      ]);
      expect(read.slice(1)).toEqual(written);
      expect(await server.journal.read(rotationId, 2)).toEqual(written.slice(1));
      for (const { at } of read) expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });

    it('keeps what was written, whatever becomes of the object that was handed in', async () => {
      const event = { ...taken(1) };
      await append(1, event);
      Object.assign(event, { type: 'rotation.resumed' });
      expect((await server.journal.read(rotationId, 1))[0]?.event).toEqual(taken(1));
    });

    it('F08: of twenty that act on the same entries at once one wins, the others write nothing', async () => {
      const tries = Array.from({ length: 20 }, (_, index) => append(1, taken(index + 1), taken(index + 1)));
      const outcomes = await Promise.allSettled(tries);
      const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(won).toHaveLength(1);
      for (const { reason } of lost) expect(reason).toBeInstanceOf(JournalConflict);
      const [, ...entries] = await server.journal.read(rotationId);
      expect(entries).toEqual(won[0]?.value);
    });

    it('keeps the order of twenty that read again after a conflict', async () => {
      const one = async (term: number) => {
        for (;;) {
          const last = (await server.journal.read(rotationId)).at(-1)?.sequence ?? 0;
          try {
            return await append(last, taken(term));
          } catch (error) {
            if (!(error instanceof JournalConflict)) throw error;
          }
        }
      };
      await Promise.all(Array.from({ length: 20 }, (_, index) => one(index + 1)));
      const entries = await server.journal.read(rotationId);
      expect(entries.map((entry) => entry.sequence)).toEqual(
        Array.from({ length: 21 }, (_, index) => index + 1),
      );
      const terms = entries.flatMap(({ event }) => (event.type === 'term.taken' ? [event.term] : []));
      expect(new Set(terms).size).toBe(20);
      expect([...entries].sort((a, b) => a.at.localeCompare(b.at))).toEqual(entries);
    });

    it('refuses a wrong sequence, both behind and ahead', async () => {
      await expect(append(0, taken(1))).rejects.toBeInstanceOf(JournalConflict);
      await expect(append(2, taken(1))).rejects.toBeInstanceOf(JournalConflict);
    });

    it('refuses an append of nothing', async () => {
      await expect(append(1)).rejects.toBeInstanceOf(RangeError);
    });

    it.each([randomUUID(), 'no uuid at all'])('names a rotation that does not exist: %s', async (id) => {
      rotationId = id;
      await expect(append(0, taken(1))).rejects.toMatchObject({ problem: { code: 'rotation.not-found' } });
      expect(await server.journal.read(rotationId)).toEqual([]);
    });
  });

  describe('an append that ages', () => {
    it('is written while its moment is ahead', async () => {
      const notAfter = (await server.journal.now()) + 60_000;
      await server.journal.append(anAppend(rotationId, 1, { notAfter }));
      expect(await server.journal.read(rotationId)).toHaveLength(2);
    });

    it('is refused whole once its moment has passed', async () => {
      const notAfter = await server.journal.now();
      await server.pass(5);
      const late = anAppend(rotationId, 1, { events: [taken(1), taken(1)], notAfter });
      await expect(server.journal.append(late)).rejects.toBeInstanceOf(AppendTooLate);
      expect(await server.journal.read(rotationId)).toHaveLength(1);
      await append(1, taken(1));
    });
  });

  describe('now', () => {
    it('is the clock that dates the entries', async () => {
      const before = await server.journal.now();
      const [entry] = await append(1, taken(1));
      const after = await server.journal.now();
      const at = Date.parse(entry?.at ?? '');
      expect(at).toBeGreaterThanOrEqual(before);
      expect(at).toBeLessThanOrEqual(after);
      await server.pass(20);
      expect(await server.journal.now()).toBeGreaterThanOrEqual(before + 20);
    });
  });

  describe('onAppend', () => {
    it('calls soon, once for an append, for its rotation only, until it is ended', async () => {
      const other = await aRotation(server, await server.addFleet());
      const calls = { own: 0, other: 0 };
      const end = await server.journal.onAppend(rotationId, () => {
        calls.own += 1;
      });
      const endOther = await server.journal.onAppend(other, () => {
        calls.other += 1;
      });
      await sleep(50);
      Object.assign(calls, { own: 0, other: 0 });
      await append(1, taken(1), taken(1));
      await expect.poll(() => calls, DEADLINE).toEqual({ own: 1, other: 0 });
      await end();
      await append(3, taken(1));
      await server.journal.append(anAppend(other, 1));
      await expect.poll(() => calls, DEADLINE).toEqual({ own: 1, other: 1 });
      await endOther();
    });
  });
});
