import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '#engine';
import type { FleetView, HostView } from '#persistence';
import {
  aFleet,
  aHost,
  anAppend,
  aRotation,
  openTestStores,
  RUNNING,
  type TestStores,
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

const hostCount = async () => (await stores.fleetRecords.getFleet(fleet.id)).hostCount;
const decommission = (expected: number, host: HostView) =>
  stores.journal.append(
    anAppend(rotationId, expected, {
      projection: {
        ...RUNNING,
        fleets: [{ fleetId: fleet.id, decidedGenerationId: null }],
        decommissionedHostId: host.id,
      },
    }),
  );

describe('a host that the SSH agent logs in to', () => {
  it('is recorded without a private key', async () => {
    const hosts = [aHost({ privateKey: null }), aHost()];
    const [byAgent, byKey] = await stores.hostRecords.addHosts(fleet.id, hosts);
    expect([byAgent?.login, byKey?.login]).toEqual(['agent', 'key']);
    const [stored] = (await stores.fleets.fleet(fleet.id)).hosts;
    expect(stored).toMatchObject({ id: byAgent?.id, privateKey: null });
  });
});

describe('a host behind a jump host', () => {
  const jump = {
    ...{ address: '127.20.1.9', port: 22, user: 'hop', hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIjump' },
    privateKey: new Secret('the key for the jump host'),
  };

  it('is recorded with it, and shown without its private key', async () => {
    const byAgent = { ...jump, privateKey: null };
    const given = [aHost({ jump }), aHost({ jump: byAgent }), aHost()];
    const hosts = await stores.hostRecords.addHosts(fleet.id, given);
    const { privateKey: _key, ...shown } = jump;
    expect(hosts.map((host) => host.jump)).toEqual([
      { ...shown, login: 'key' },
      { ...shown, login: 'agent' },
      null,
    ]);
    const stored = (await stores.fleets.fleet(fleet.id)).hosts;
    expect(stored.map((host) => host.jump)).toEqual([jump, byAgent, null]);
    expect(stored[0]?.jump?.privateKey?.reveal()).toBe('the key for the jump host');
    const [row] = await stores.dataSource.query(
      'SELECT jump_private_key AS sealed FROM hosts WHERE id = $1',
      [hosts[0]?.id],
    );
    expect(row.sealed).toMatch(/^sealed/);
  });
});

describe('a decommissioned host', () => {
  it('is still shown, with the moment it was taken out first, and counted no more', async () => {
    const [host, other] = await stores.hostRecords.addHosts(fleet.id, [aHost(), aHost()]);
    if (host === undefined || other === undefined) throw new Error('no hosts');
    expect(host.decommissionedAt).toBeNull();
    await decommission(1, host);
    const { decommissionedAt } = await stores.hostRecords.getHost(fleet.id, host.id);
    expect(decommissionedAt).toBeInstanceOf(Date);
    await decommission(2, host);
    const page = await stores.hostRecords.listHosts(fleet.id, { cursor: null, limit: 10 });
    expect(page.items).toEqual([{ ...host, decommissionedAt }, other]);
    expect(await hostCount()).toBe(1);
  });

  it('keeps its place until it is removed, and can be enrolled anew then', async () => {
    const place = aHost();
    const [host] = await stores.hostRecords.addHosts(fleet.id, [place]);
    if (host === undefined) throw new Error('no host');
    await decommission(1, host);
    await expect(stores.hostRecords.addHosts(fleet.id, [place])).rejects.toMatchObject({
      problem: { code: 'host.already-enrolled' },
    });
    await stores.hostRecords.removeHost(fleet.id, host.id);
    const [anew] = await stores.hostRecords.addHosts(fleet.id, [place]);
    expect(anew).toMatchObject({ name: host.name, decommissionedAt: null });
    expect((await stores.fleets.fleet(fleet.id)).hosts.map(({ id }) => id)).toEqual([anew?.id]);
  });
});
