import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriftFinding } from '#engine';
import type { RotationStatus } from '#rotation';
import { anAppend, type RecordedFleet, RUNNING, requested } from '../kit/stored-fleet.js';
import { JOURNAL_SERVERS, type JournalServer } from './journal.backends.js';

const SOON = Date.UTC(2026, 10, 30, 3);
const MINUTE_MS = 60_000;
const LATER = SOON + 60 * MINUTE_MS;
const DRIFT: DriftFinding = {
  ...{ at: '2026-11-30T03:00:00.000Z', inSync: false, generation: 1, hosts: 2 },
  out: [{ hostId: 'h1', host: 'edge-1', state: 'drifted', problems: [] }],
};

describe.each(JOURNAL_SERVERS)('ScheduleStore on $name', ({ start }) => {
  let server: JournalServer;
  let fleet: RecordedFleet;
  let id: string;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    fleet = await server.addFleet();
    id = await server.addSchedule(fleet.id);
  });

  const read = () => server.schedules.schedule(id);
  const rotationFor = async (at: number, rotationId: string = randomUUID()) => {
    const epoch = await server.rotations.nextEpoch();
    const locks = [{ key: `fleet:${fleet.id}`, label: `fleet ${fleet.name}` }];
    const rotation = { id: rotationId, fleetId: fleet.id, epoch, locks, tick: { scheduleId: id, at } };
    await server.rotations.create(rotation, requested(rotationId, fleet, epoch));
    return rotationId;
  };
  const become = (rotationId: string, status: RotationStatus) => {
    const ended = !['paused', 'blocked', 'running'].includes(status);
    return server.journal.append(anAppend(rotationId, 1, { projection: { ...RUNNING, status, ended } }));
  };
  const isDue = async (now: number) => (await server.schedules.due(now)).includes(id);

  it('gives them as they were recorded, oldest first, and null for one that is not there', async () => {
    expect(await read()).toEqual({
      ...{ id, fleetId: fleet.id, due: { kind: 'days-left', days: 30 }, cron: '0 3 * * *', timeZone: 'UTC' },
      ...{ kind: 'rotate', windows: [], jitterSeconds: 0, repair: false, enabled: true },
      ...{ nextTickAt: null, suspended: null, resumedRotationId: null, alertedAt: null },
    });
    const younger = await server.addSchedule(fleet.id);
    expect((await server.schedules.schedules()).slice(-2).map((one) => one.id)).toEqual([id, younger]);
    for (const nowhere of [randomUUID(), 'no id'])
      expect(await server.schedules.schedule(nowhere)).toBeNull();
  });

  it('plans a tick once, and finds it due when its time has come', async () => {
    expect(await isDue(SOON)).toBe(true);
    expect(await server.schedules.plan(id, SOON)).toBe(true);
    expect(await server.schedules.plan(id, LATER)).toBe(false);
    expect((await read())?.nextTickAt).toBe(SOON);
    expect([await isDue(SOON - 1), await isDue(SOON)]).toEqual([false, true]);
  });

  it('gives a tick to one of many who want it, and to the next one when that one does not come back', async () => {
    await server.schedules.plan(id, SOON);
    const claim = (now: number) => server.schedules.claim(id, SOON, now, now + MINUTE_MS);
    const taken = await Promise.all(Array.from({ length: 8 }, () => claim(SOON)));
    expect(taken.filter(Boolean)).toEqual([true]);
    expect([await isDue(SOON + 1), await claim(SOON + 1)]).toEqual([false, false]);
    expect([await isDue(SOON + MINUTE_MS), await claim(SOON + MINUTE_MS)]).toEqual([true, true]);
    expect(await server.schedules.claim(id, LATER, LATER, LATER)).toBe(false);
  });

  it('ends a tick with a note and the next one; what people changed meanwhile stays', async () => {
    await server.schedules.plan(id, SOON);
    await server.schedules.claim(id, SOON, SOON, LATER);
    await server.schedules.note(id, SOON, { at: SOON, outcome: 'fine', nextTickAt: LATER, drift: DRIFT });
    expect((await read())?.nextTickAt).toBe(LATER);
    expect(await server.schedules.claim(id, LATER, SOON, SOON + 1)).toBe(true);
    await server.schedules.note(id, SOON, { at: SOON, outcome: 'late', nextTickAt: SOON });
    expect((await read())?.nextTickAt).toBe(LATER);
    await server.schedules.note(randomUUID(), SOON, { at: SOON, outcome: 'gone', nextTickAt: null });
  });

  it('lets one rotation be started for a tick, however fast the first one ends', async () => {
    expect(await server.schedules.lastStarted(id)).toBeNull();
    const first = await rotationFor(SOON);
    expect(await server.schedules.lastStarted(id)).toEqual({ id: first, status: 'pending', tickAt: SOON });
    expect(await server.schedules.rotationOn(fleet.id)).toBe(first);
    await become(first, 'succeeded');
    expect(await server.schedules.rotationOn(fleet.id)).toBeNull();
    await expect(rotationFor(SOON)).rejects.toMatchObject({ problem: { code: 'schedule.tick-served' } });
    const next = await rotationFor(LATER);
    expect(await server.schedules.lastStarted(id)).toMatchObject({ id: next, tickAt: LATER });
  });

  it('finds what stopped a schedule, and suspends it once', async () => {
    const stopped = async () =>
      (await server.schedules.stoppedBy(['reverted', 'paused'])).filter(
        ({ scheduleId }) => scheduleId === id,
      );
    const rotationId = await rotationFor(SOON);
    expect(await stopped()).toEqual([]);
    await become(rotationId, 'reverted');
    const rotation = { id: rotationId, status: 'reverted' as const, tickAt: SOON };
    expect(await stopped()).toEqual([{ scheduleId: id, rotation }]);
    await server.schedules.suspend(id, { at: SOON, rotationId, status: 'reverted' });
    await server.schedules.suspend(id, { at: LATER, rotationId: randomUUID(), status: 'paused' });
    expect((await read())?.suspended).toEqual({ at: SOON, rotationId, status: 'reverted' });
    expect(await stopped()).toEqual([]);
  });
});
