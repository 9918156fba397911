import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FleetStore, type PortError, RotationCommands } from '#engine';
import { type RecordedFleet, rotatedMeanwhile } from '../kit/stored-fleet.js';
import { JOURNAL_SERVERS, type JournalServer } from './journal.backends.js';
import { LostQueue } from './schedules.rig.js';

const clock = { now: Date.now, monotonic: () => performance.now(), sleep: async () => undefined };

describe.each(JOURNAL_SERVERS)('A rotation that is asked for while others end, on $name', ({ start }) => {
  let server: JournalServer;
  let fleet: RecordedFleet;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    fleet = await server.addFleet();
  });

  /** Each of the first reads, so many of them, is followed by a rotation of somebody else. */
  async function startOvertaken(times: number) {
    const { fleets, rotations, journal } = server;
    let reads = 0;
    const overtaken = {
      fleet: async (id: string) => {
        const read = await fleets.fleet(id);
        reads += 1;
        if (reads <= times) await rotatedMeanwhile(server, fleet);
        return read;
      },
      fleetsOn: (issuingCaId: string) => fleets.fleetsOn(issuingCaId),
    } as FleetStore;
    const commands = new RotationCommands(overtaken, rotations, journal, new LostQueue(), clock);
    const request = { fleetId: fleet.id, strategy: 'sync', requestedBy: 'a test', reason: '' } as const;
    const started = await commands.start(request).catch((error: PortError) => error);
    return { started, reads, commands };
  }

  it.each([0, 1, 2])('begins with what the fleet serves by then: %i ended meanwhile', async (times) => {
    const { started, reads, commands } = await startOvertaken(times);
    const { generation } = await server.fleets.fleet(fleet.id);
    expect([generation.number, reads]).toEqual([1 + times, 1 + times]);
    const { snapshot } = await commands.read(String(started));
    expect([snapshot.old.id, snapshot.old.digest]).toEqual([generation.id, generation.digest]);
  });

  it('is refused for now when that goes on', async () => {
    const { started, reads } = await startOvertaken(9);
    expect(started).toMatchObject({ problem: { code: 'rotation.conflict' }, transient: true });
    expect(String(started)).toContain(`fleet ${fleet.name}`);
    expect(reads).toBe(3);
    expect(await server.schedules.rotationOn(fleet.id)).toBeNull();
  });
});
