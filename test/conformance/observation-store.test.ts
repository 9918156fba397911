import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HostDrift } from '#engine';
import { aRotation, type RecordedFleet, rotatedMeanwhile } from '../kit/stored-fleet.js';
import { JOURNAL_SERVERS, type JournalServer } from './journal.backends.js';

const NOON = Date.UTC(2026, 10, 29, 12);
const LATER = NOON + 60_000;
const FAILURE = {
  code: 'host.unreachable',
  message: 'It cannot be reached.',
  nextStep: 'Look whether it is up.',
};

describe.each(JOURNAL_SERVERS)('ObservationStore on $name', ({ start }) => {
  let server: JournalServer;
  let fleet: RecordedFleet;
  let hosts: readonly string[];

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    fleet = await server.addFleet();
    hosts = (await server.fleets.fleet(fleet.id)).hosts.map(({ id }) => id).sort();
  });

  const seen = (hostId = '', state: HostDrift['state'] = 'in-sync', digest = 'd1'): HostDrift => ({
    ...{ hostId, host: 'by name', state, problems: [] },
    files: [{ path: '/etc/nginx/clients.pem', digest }],
    listeners: [{ listener: '127.20.1.1:8443', serves: true }],
  });
  const silent = (hostId = ''): HostDrift => ({
    ...{ hostId, host: 'by name', state: 'unknown', files: [], listeners: [], problems: [FAILURE] },
  });
  const keep = (at: number, ...looks: HostDrift[]) =>
    server.observations.keep({ fleetId: fleet.id, generationId: fleet.generation.id, at, hosts: looks });
  const last = () => server.observations.lastLooks(fleet.id);

  it('gives what was seen of each host, and nothing of one that nobody looked at', async () => {
    expect(await last()).toEqual([]);
    await keep(NOON, seen(hosts[1], 'drifted', 'd2'));
    const { host: _, ...look } = seen(hosts[1], 'drifted', 'd2');
    expect(await last()).toEqual([{ ...look, generationId: fleet.generation.id, at: NOON, seenAt: NOON }]);
    await keep(LATER, seen(hosts[1]), seen(hosts[0]));
    expect((await last()).map(({ hostId, state, at }) => ({ hostId, state, at }))).toEqual([
      { hostId: hosts[0], state: 'in-sync', at: LATER },
      { hostId: hosts[1], state: 'in-sync', at: LATER },
    ]);
  });

  it('keeps of a host that does not answer what was seen of it before, and since when', async () => {
    await keep(NOON, seen(hosts[0]), silent(hosts[1]));
    await keep(LATER, silent(hosts[0]), silent(hosts[1]));
    const { files, listeners } = seen(hosts[0]);
    const unknown = { state: 'unknown', problems: [FAILURE], at: LATER };
    expect(await last()).toMatchObject([
      { ...unknown, hostId: hosts[0], seenAt: NOON, files, listeners },
      { ...unknown, hostId: hosts[1], seenAt: null, files: [], listeners: [] },
    ]);
  });

  it('keeps the later of two looks, whichever ends first', async () => {
    await keep(LATER, seen(hosts[0], 'drifted'));
    await keep(NOON, seen(hosts[0]));
    expect(await last()).toMatchObject([{ at: LATER, state: 'drifted' }]);
    const same = await Promise.allSettled(
      Array.from({ length: 6 }, (_, i) =>
        keep(LATER + i, ...hosts.map((host) => seen(host)).sort(() => i - 2)),
      ),
    );
    expect(same.every(({ status }) => status === 'fulfilled')).toBe(true);
    expect((await last()).map(({ at }) => at)).toEqual([LATER + 5, LATER + 5]);
  });

  it('keeps nothing while a rotation works on the fleet, nor of a generation that it no longer serves', async () => {
    await keep(NOON, seen(hosts[0]));
    await rotatedMeanwhile(server, fleet);
    await keep(LATER, seen(hosts[0], 'drifted'));
    expect(await last()).toMatchObject([{ at: NOON, state: 'in-sync', generationId: fleet.generation.id }]);
    const { generation } = await server.fleets.fleet(fleet.id);
    const look = {
      fleetId: fleet.id,
      generationId: generation.id,
      at: LATER,
      hosts: [seen(hosts[0], 'drifted')],
    };
    await aRotation(server, { ...fleet, generation });
    await server.observations.keep(look);
    expect(await last()).toMatchObject([{ at: NOON }]);
  });

  it('passes over hosts and fleets that are not there', async () => {
    await keep(NOON, seen(randomUUID()), seen(hosts[0]));
    expect((await last()).map(({ hostId }) => hostId)).toEqual([hosts[0]]);
    await server.observations.keep({
      ...{ fleetId: randomUUID(), generationId: fleet.generation.id, at: NOON, hosts: [seen(hosts[0])] },
    });
    expect(await server.observations.lastLooks(randomUUID())).toEqual([]);
    expect(await server.observations.lastLooks('no id')).toEqual([]);
  });
});
