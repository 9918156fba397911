import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { JournalConflict, type Projection } from '#engine';
import { EVENT_VERSION, type RotationEvent } from '#rotation';
import {
  aBundle,
  anAppend,
  aRotation,
  type RecordedFleet,
  RUNNING,
  requested,
  taken,
} from '../kit/stored-fleet.js';
import { JOURNAL_SERVERS, type JournalServer } from './journal.backends.js';

const ENDED: RotationEvent = { v: EVENT_VERSION, type: 'rotation.ended', status: 'reverted', because: 'b' };
const REVERTED = { status: 'reverted', phase: 'done', ended: true } as const;

describe.each(JOURNAL_SERVERS)('What an append projects on $name', ({ start }) => {
  let server: JournalServer;
  let fleet: RecordedFleet;
  let rotationId: string;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    fleet = await server.addFleet();
    rotationId = await aRotation(server, fleet);
  });

  const serving = (decidedGenerationId: string | null, fleetId = fleet.id) => ({
    fleetId,
    decidedGenerationId,
  });
  const project = (over: Partial<Projection>, expected = 1, event = taken(1)) => {
    const projection = { ...RUNNING, fleets: [serving(null)], ...over };
    return server.journal.append(anAppend(rotationId, expected, { events: [event], projection }));
  };
  const hostIds = async () => (await server.fleets.fleet(fleet.id)).hosts.map(({ id }) => id);

  it('is the status, written with the entry', async () => {
    expect(await server.rotation(rotationId)).toMatchObject({ status: 'pending', phase: 'preflight' });
    await project({ status: 'blocked', phase: 'expand' });
    expect(await server.rotation(rotationId)).toEqual({
      ...{ status: 'blocked', phase: 'expand', ended: false, locks: [`fleet:${fleet.id}`] },
    });
    expect(await server.rotations.summary(rotationId)).toEqual({ fleetId: fleet.id, status: 'blocked' });
  });

  it('is the decided generation, unless the append loses', async () => {
    const overlap = await server.fleets.addGeneration(fleet.id, aBundle());
    const decided = { fleets: [serving(overlap.id)] };
    await expect(project(decided, 9)).rejects.toThrow(JournalConflict);
    expect((await server.fleets.fleet(fleet.id)).generation.number).toBe(1);
    await project(decided);
    expect((await server.fleets.fleet(fleet.id)).generation).toEqual(overlap);
    expect(await server.everRotated(fleet.id)).toBe(false);
  });

  it('is what the fleet distrusts, until a person wants it back', async () => {
    const distrusted = async () => (await server.fleets.fleet(fleet.id)).distrusted;
    await project({ distrusted: ['aa', 'bb'] });
    expect(await distrusted()).toEqual([
      { anchor: 'aa', rotationId },
      { anchor: 'bb', rotationId },
    ]);
    await project({ retrusted: ['aa'] }, 2, taken(2));
    expect(await distrusted()).toEqual([{ anchor: 'bb', rotationId }]);
    await project({}, 3, taken(3));
    expect(await distrusted()).toHaveLength(1);
  });

  it('is the decided generation of every fleet that rotates together', async () => {
    const other = await server.addFleet();
    const [mine, theirs] = [
      await server.fleets.addGeneration(fleet.id, aBundle()),
      await server.fleets.addGeneration(other.id, aBundle()),
    ];
    const fleets = [serving(mine.id), serving(theirs.id, other.id)];
    await project({ ...REVERTED, status: 'succeeded', rotated: true, fleets }, 1, {
      ...ENDED,
      status: 'succeeded',
    });
    for (const [id, generation] of [
      [fleet.id, mine],
      [other.id, theirs],
    ] as const) {
      expect((await server.fleets.fleet(id)).generation).toEqual(generation);
      expect(await server.everRotated(id)).toBe(true);
    }
  });

  it('is nothing at all where the generation is of another fleet', async () => {
    const other = await server.addFleet();
    await expect(project({ fleets: [serving(other.generation.id)] })).rejects.toThrow(/generation/);
    expect(await server.journal.read(rotationId)).toHaveLength(1);
    expect(await server.rotation(rotationId)).toMatchObject({ status: 'pending' });
  });

  it('takes a decommissioned host out of the fleet, once and for all', async () => {
    const [first = '', second = ''] = await hostIds();
    await project({ decommissionedHostId: second });
    expect(await hostIds()).toEqual([first]);
    await project({ decommissionedHostId: second }, 2);
    expect(await hostIds()).toEqual([first]);
  });

  it('leaves the hosts of other fleets alone, and passes over one that is no more', async () => {
    const [strange = ''] = (await server.fleets.fleet((await server.addFleet()).id)).hosts;
    if (strange === '') throw new Error('a fleet without hosts');
    await project({ decommissionedHostId: strange.id });
    await project({ decommissionedHostId: randomUUID() }, 2);
    expect((await server.fleets.fleet(strange.fleetId)).hosts.map(({ id }) => id)).toContain(strange.id);
    expect(await hostIds()).toHaveLength(2);
  });

  it('is what its hosts were proven to serve, unless they were looked at since', async () => {
    const [first = '', second = ''] = (await hostIds()).sort();
    const on = (generationId: string, hostId: string, at: string) => ({ hostId, generationId, at });
    const [early, late] = ['2026-11-29T12:00:00.000Z', '2026-11-29T12:00:01.000Z'];
    const overlap = await server.fleets.addGeneration(fleet.id, aBundle());
    const strange = (await server.addFleet()).generation.id;
    await project({
      fleets: [serving(overlap.id)],
      observed: [
        on(overlap.id, first, late),
        ...[on(strange, second, late), on(overlap.id, randomUUID(), late), on(overlap.id, 'no id', late)],
      ],
    });
    const files = [{ path: '/etc/nginx/clients.pem', digest: overlap.digest }];
    const proven = { hostId: first, generationId: overlap.id, state: 'in-sync', files, problems: [] };
    const at = Date.parse(late);
    expect(await server.observations.lastLooks(fleet.id)).toEqual([
      { ...proven, at, seenAt: at, listeners: [] },
    ]);
    await project({ observed: [on(fleet.generation.id, first, early)] }, 2, taken(2));
    expect(await server.observations.lastLooks(fleet.id)).toMatchObject([proven]);
  });

  it('frees the locks at the end, and refuses whatever comes behind it', async () => {
    await project(REVERTED, 1, ENDED);
    expect(await server.rotation(rotationId)).toMatchObject({ status: 'reverted', ended: true, locks: [] });
    expect(await server.rotations.active()).not.toContain(rotationId);
    expect(await server.everRotated(fleet.id)).toBe(false);
    await expect(project({}, 2)).rejects.toMatchObject({ problem: { code: 'rotation.ended' } });
    const next = randomUUID();
    const locks = [{ key: `fleet:${fleet.id}`, label: 'the fleet' }];
    const epoch = await server.rotations.nextEpoch();
    await server.rotations.create(
      { id: next, fleetId: fleet.id, epoch, locks },
      requested(next, fleet, epoch),
    );
  });

  it('sets "last rotated" only after a success', async () => {
    const projection = { ...REVERTED, status: 'succeeded', rotated: true } as const;
    await project(projection, 1, { ...ENDED, status: 'succeeded' });
    expect(await server.everRotated(fleet.id)).toBe(true);
  });
});
