import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAYS } from '#schedule';
import { aRotation } from '../kit/stored-fleet.js';
import { JOURNAL_SERVERS, type JournalServer, type PlannedSchedule } from './journal.backends.js';
import { DAY_MS, ScheduleRig } from './schedules.rig.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const NIGHT = [{ days: [...DAYS], from: '02:00', to: '04:00' }];
const EVENING = [{ days: [...DAYS], from: '20:00', to: '22:00' }];
const EACH_TIME = { due: { kind: 'each-time' } } as const;
/** 03:00 UTC on the day behind the one on which a rig begins. */
const FIRST = Date.UTC(2026, 10, 30, 3);

describe.each(JOURNAL_SERVERS)(
  'Schedules over the stores on $name, with a queue that never ticks',
  ({ start }) => {
    let server: JournalServer;

    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());

    const open = (over: Partial<PlannedSchedule> = {}) => ScheduleRig.open(server, over);
    const openDue = async (over: Partial<PlannedSchedule> = {}) => {
      const rig = await open(over);
      await rig.issuerWith(20);
      return rig;
    };

    it('look when their time has come, and not before', async () => {
      const rig = await open();
      expect((await rig.schedule()).nextTickAt).toBe(FIRST);
      rig.now = FIRST - 1;
      await rig.worker().sweep();
      expect(rig.surveys).toBe(0);
      expect(await rig.nextTick()).toBe('89 days left, not due before 2027-01-27T04:20:00Z');
      expect((await rig.schedule()).nextTickAt).toBe(FIRST + DAY_MS);
      expect(await rig.started()).toBeNull();
    });

    it('start one rotation when many workers tick and sweep at once', async () => {
      const rig = await openDue();
      rig.now = FIRST;
      const workers = Array.from({ length: 6 }, () => rig.worker());
      await Promise.all(workers.flatMap((worker) => [worker.tick(rig.scheduleId), worker.sweep()]));
      expect(rig.surveys).toBe(1);
      const id = await rig.started();
      expect(await rig.outcome()).toBe(
        `rotation ${id} started: the issuing CA has 19 days left; due when the issuing CA has at most 30 whole days left`,
      );
      const { event } = (await server.journal.read(id ?? ''))[0] ?? {};
      expect(event).toMatchObject({ snapshot: { requestedBy: `schedule ${rig.scheduleId}` } });
      expect(await rig.nextTick()).toBe(`18 days left, held: rotation ${id} works on the fleet`);
      expect(await rig.started()).toBe(id);
      expect((await rig.schedule()).nextTickAt).toBe(rig.now + 15 * MINUTE_MS);
    });

    it('catch up one tick after a downtime of days, and not the others', async () => {
      const rig = await openDue(EACH_TIME);
      rig.now = FIRST + 9 * DAY_MS + HOUR_MS;
      await Promise.all([rig.worker().restore(), rig.worker().sweep()]);
      const id = (await rig.started()) ?? '';
      await rig.become(id, 'succeeded');
      for (let round = 0; round < 3; round += 1) await rig.worker().sweep();
      expect([rig.surveys, await rig.started()]).toEqual([1, id]);
      expect((await rig.schedule()).nextTickAt).toBe(FIRST + 10 * DAY_MS);
    });

    it.each([{}, EACH_TIME])('wait for the window when they catch up late: %j', async (over) => {
      const rig = await openDue({ ...over, windows: NIGHT });
      rig.now = FIRST + 6 * HOUR_MS;
      await rig.worker().sweep();
      expect(await rig.outcome()).toBe('18 days left, waiting: the window opens at 2026-12-01T02:00:00Z');
      expect((await rig.schedule()).nextTickAt).toBe(FIRST + DAY_MS - HOUR_MS);
      expect(await rig.nextTick()).toMatch(/^rotation \S+ started/);
    });

    it('leave a tick whose worker died to the next one, who starts nothing twice', async () => {
      const rig = await openDue(EACH_TIME);
      rig.now = FIRST;
      await server.schedules.claim(rig.scheduleId, FIRST, rig.now, rig.now + 5 * MINUTE_MS);
      await rig.worker().sweep();
      expect(await rig.started()).toBeNull();
      const seen = await rig.schedule();
      rig.now += 5 * MINUTE_MS;
      await rig.worker().sweep();
      const id = (await rig.started()) ?? '';
      await rig.become(id, 'succeeded');
      // As if that worker, too, had died behind the start, and the note were lost.
      await server.schedules.note(rig.scheduleId, (await rig.schedule()).nextTickAt ?? 0, {
        ...{ at: rig.now, outcome: '', nextTickAt: seen.nextTickAt },
      });
      await rig.worker().sweep();
      expect(await rig.started()).toBe(id);
      expect(await rig.outcome()).toMatch(`rotation ${id} started`);
    });

    it.each(['reverted', 'refused', 'cancelled', 'paused'] as const)(
      'stop and ask when it %s',
      async (status) => {
        const rig = await openDue();
        await rig.nextTick();
        const rotationId = (await rig.started()) ?? '';
        await rig.become(rotationId, status);
        rig.now += MINUTE_MS;
        await rig.worker().sweep();
        expect((await rig.schedule()).suspended).toEqual({ at: rig.now, rotationId, status });
        expect(await rig.nextTick()).toMatch(
          `suspended: Rotation ${rotationId}, which this schedule started,`,
        );
        expect(await rig.started()).toBe(rotationId);
      },
    );

    it('stop and ask when it is blocked at a tick, and bear it between ticks', async () => {
      const rig = await openDue();
      await rig.nextTick();
      const rotationId = (await rig.started()) ?? '';
      await rig.become(rotationId, 'blocked');
      rig.now += MINUTE_MS;
      await rig.worker().sweep();
      expect((await rig.schedule()).suspended).toBeNull();
      expect(await rig.nextTick()).toContain('is blocked. It starts nothing more by itself.');
      expect((await rig.schedule()).suspended).toMatchObject({ rotationId, status: 'blocked' });
    });

    it('go on after a success', async () => {
      const rig = await openDue();
      await rig.nextTick();
      const first = (await rig.started()) ?? '';
      await rig.become(first, 'succeeded');
      expect(await rig.nextTick()).toMatch(/^rotation \S+ started/);
      expect(await rig.started()).not.toBe(first);
    });

    describe('that look for drift', () => {
      it('say that all is well, or which host is not, and keep it', async () => {
        const rig = await open({ due: null });
        expect(await rig.nextTick()).toBe('in sync: 2 of 2 hosts are on generation 1');
        rig.digests = ['0'.repeat(64), rig.digests[1] ?? null];
        expect(await rig.nextTick()).toMatch(
          /^not in sync with generation 1: of 2 hosts 1 drifted \(host-\d+\)$/,
        );
        const { drift } = await server.noteOf(rig.scheduleId);
        expect(drift).toMatchObject({
          ...{ at: new Date(FIRST + DAY_MS).toISOString(), inSync: false, generation: 1, hosts: 2 },
          out: [{ state: 'drifted', problems: [{ code: 'host.drift' }] }],
        });
        expect(rig.surveys).toBe(0);
      });

      it('do not look while a rotation works on the fleet, and keep what they found before', async () => {
        const rig = await open({ due: null });
        await rig.nextTick();
        await aRotation(server, rig.fleet);
        expect(await rig.nextTick()).toMatch(
          /^held: rotation \S+ works on the fleet, so its hosts differ by design$/,
        );
        expect((await server.noteOf(rig.scheduleId)).drift).toMatchObject({ inSync: true });
      });
    });

    describe('that put drift right', () => {
      const EDITED = '0'.repeat(64);
      /** The first host drifts behind the first tick. */
      const drifting = async (over: Partial<PlannedSchedule> = {}) => {
        const rig = await open({ due: null, repair: true, ...over });
        rig.digests = [EDITED, rig.digests[1] ?? null];
        return rig;
      };

      it('start one `sync` of the fleet that names the hosts, and nothing while all is well', async () => {
        const rig = await open({ due: null, repair: true });
        expect(await rig.nextTick()).toBe('in sync: 2 of 2 hosts are on generation 1');
        expect(await rig.started()).toBeNull();
        rig.digests = [EDITED, rig.digests[1] ?? null];
        rig.now = (await rig.schedule()).nextTickAt ?? 0;
        const workers = Array.from({ length: 4 }, () => rig.worker());
        await Promise.all(workers.flatMap((worker) => [worker.tick(rig.scheduleId), worker.sweep()]));
        const id = (await rig.started()) ?? '';
        const found = /^not in sync with generation 1: of 2 hosts 1 drifted \(host-\d+\)$/;
        expect((await rig.outcome()).replace(`rotation ${id} started: `, '')).toMatch(found);
        const { event } = (await server.journal.read(id))[0] ?? {};
        expect(event).toMatchObject({
          snapshot: {
            ...{ strategy: 'sync', requestedBy: `schedule ${rig.scheduleId}`, otherFleets: [] },
            reason: expect.stringMatching(found),
          },
        });
        expect((await server.noteOf(rig.scheduleId)).drift).toMatchObject({ inSync: false });
        expect(await rig.nextTick()).toMatch(/^held: rotation/);
        expect(await rig.started()).toBe(id);
        await rig.become(id, 'succeeded');
        expect(await rig.nextTick()).toMatch(/^rotation \S+ started: not in sync/);
      });

      it('wait for the window, and look again when it opens', async () => {
        const rig = await drifting({ windows: EVENING });
        expect(await rig.nextTick()).toMatch(
          /drifted \(host-\d+\); waiting: the window opens at 2026-11-30T20:00/,
        );
        expect(await rig.started()).toBeNull();
        const healed = [...rig.digests];
        rig.digests = [rig.digests[1] ?? null, rig.digests[1] ?? null];
        expect(await rig.nextTick()).toMatch(/^in sync/);
        expect(new Date(rig.now).getUTCHours()).toBe(20);
        rig.digests = healed;
        await rig.nextTick();
        expect(await rig.nextTick()).toMatch(/^rotation \S+ started/);
      });

      it('start nothing more after a failure, and go on looking', async () => {
        const rig = await drifting();
        await rig.nextTick();
        const rotationId = (await rig.started()) ?? '';
        await rig.become(rotationId, 'refused');
        rig.now += MINUTE_MS;
        await rig.worker().sweep();
        expect((await rig.schedule()).suspended).toMatchObject({ rotationId, status: 'refused' });
        expect(await rig.nextTick()).toMatch(
          new RegExp(
            `^not in sync .*; suspended: Rotation ${rotationId}, which this schedule started, ended`,
          ),
        );
        expect(await rig.started()).toBe(rotationId);
      });

      it.each([
        [
          'files that differ from one another',
          (rig: ScheduleRig) => (rig.second = 'f'.repeat(64)),
          'hold different',
        ],
        ['a file that is missing', (rig: ScheduleRig) => (rig.digests[0] = null), 'cannot be read'],
        ['a host that does not answer', (rig: ScheduleRig) => (rig.away = true), 'cannot be reached'],
      ])('report %s, and try nothing that would be refused', async (_, happens, says) => {
        const rig = await drifting();
        happens(rig);
        for (let tick = 0; tick < 2; tick += 1) {
          const outcome = await rig.nextTick();
          expect(outcome).toMatch(/^not in sync .*; it cannot be put right by itself: /);
          expect(outcome).toContain(says);
        }
        expect(await rig.started()).toBeNull();
        expect((await rig.schedule()).suspended).toBeNull();
      });
    });
  },
);
