import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aBundle, type RecordedFleet } from '../kit/stored-fleet.js';
import { JOURNAL_SERVERS, type JournalServer } from './journal.backends.js';

const NOWHERE = [randomUUID(), 'no uuid at all'];

describe.each(JOURNAL_SERVERS)('FleetStore on $name', ({ start }) => {
  let server: JournalServer;
  let fleet: RecordedFleet;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    fleet = await server.addFleet();
  });

  it('opens a fleet with its CA, its generation and its hosts in order', async () => {
    const { issuingCa, generation, hosts, ...plain } = await server.fleets.fleet(fleet.id);
    expect(plain).toMatchObject({
      id: fleet.id,
      name: fleet.name,
      canaryHosts: 1,
      approval: 'none',
      samples: [],
    });
    expect(issuingCa.kind === 'vault' && issuingCa.token?.reveal()).toBe('hvs.the-token');
    expect(generation).toMatchObject({ id: fleet.generation.id, number: 1, digest: fleet.generation.digest });
    expect(hosts.map(({ fleetId }) => fleetId)).toEqual([fleet.id, fleet.id]);
    expect(hosts.map(({ privateKey }) => privateKey?.reveal())).toEqual(
      hosts.map(({ name }) => name.replace('host-', 'private key ')),
    );
    expect(hosts[0]?.probeTargets).toEqual([
      { address: '127.20.1.1', port: 8443, serverName: null, path: '/' },
    ]);
  });

  it('opens a fleet with those of its hosts that are wanted, and with no other', async () => {
    const { hosts: all, ...rest } = await server.fleets.fleet(fleet.id);
    const [, second] = all;
    const ids = [second?.id ?? '', randomUUID(), 'no uuid at all'];
    const { hosts, ...same } = await server.fleets.fleet(fleet.id, ids);
    expect(hosts).toEqual([second]);
    expect(JSON.stringify(same)).toBe(JSON.stringify(rest));
    expect((await server.fleets.fleet(fleet.id, [])).hosts).toEqual([]);
    expect((await server.fleets.fleet((await server.addFleet()).id, ids)).hosts).toEqual([]);
  });

  it('numbers generations without gaps, and knows one by its digest again', async () => {
    const bundles = Array.from({ length: 10 }, () => aBundle());
    const made = await Promise.all(
      [...bundles, ...bundles].map((bundle) => server.fleets.addGeneration(fleet.id, bundle)),
    );
    expect(made.slice(10)).toEqual(made.slice(0, 10));
    expect(new Set(made.map(({ number }) => number))).toEqual(new Set([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
    expect(await server.fleets.nextGenerationNumber(fleet.id)).toBe(12);
    for (const one of made) expect(await server.fleets.generation(one.id)).toEqual(one);
    expect((await server.fleets.fleet(fleet.id)).generation.number).toBe(1);
  });

  it('lets two fleets have the same bundle, each with its own number', async () => {
    const [other, bundle] = [await server.addFleet(), aBundle()];
    const one = await server.fleets.addGeneration(fleet.id, bundle);
    const two = await server.fleets.addGeneration(other.id, bundle);
    expect(two).toEqual({ ...one, id: two.id, fleetId: other.id });
    expect(two.id).not.toBe(one.id);
  });

  it.each(NOWHERE)('says that %s is not there', async (id) => {
    const noFleet = { problem: { code: 'fleet.not-found' } };
    await expect(server.fleets.fleet(id)).rejects.toMatchObject(noFleet);
    await expect(server.fleets.addGeneration(id, aBundle())).rejects.toMatchObject(noFleet);
    await expect(server.fleets.nextGenerationNumber(id)).rejects.toMatchObject(noFleet);
    await expect(server.fleets.generation(id)).rejects.toMatchObject({
      problem: { code: 'generation.not-found' },
    });
  });
});
