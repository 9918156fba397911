import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HostTarget, Secret } from '#engine';
import { SshHostGateway } from '#host';
import { makeCa } from '#kit';
import { Random } from '../../libs/simulation/src/random.js';
import { LONG_MS } from '../fleet/one-host.js';
import { SimulatedFleet } from '../simulated-fleet/simulated-fleet.js';
import { MANAGED_PATH } from '../simulated-fleet/simulated-host.js';

const MOST_IDLE = 2;
const PATIENCE = { timeout: 30_000, interval: 20 };
const bundleOf = (content: string) => ({
  content,
  digest: createHash('sha256').update(content).digest('hex'),
});

describe('connections to more hosts than are kept', () => {
  let fleet: SimulatedFleet;
  let from: ReturnType<typeof bundleOf>;
  let to: typeof from;
  let gateway: SshHostGateway;
  let epoch = 0;

  const targets = (): HostTarget[] =>
    [...fleet.hosts.keys()].map((address, index) => ({
      ...{ id: `host-${index}`, name: `host-${index}`, fleetId: 'fleet-1', address, user: 'root' },
      ...{ port: fleet.ports.ssh, hostKey: fleet.keys.hostKey, nginxBinary: 'nginx' },
      ...{ privateKey: new Secret(fleet.keys.privateKey), managedPaths: [MANAGED_PATH] },
    }));
  const token = (serial: number) => ({
    ...{ installation: 'suite', rotation: `rotation-${epoch}`, epoch, term: 1, serial },
  });
  const channels = () => expect.poll(() => fleet.ssh.channels, PATIENCE);

  beforeAll(async () => {
    from = bundleOf((await makeCa({ commonName: 'Old' })).certificatePem);
    to = bundleOf(from.content + (await makeCa({ commonName: 'New' })).certificatePem);
    fleet = await SimulatedFleet.start({ hosts: 5, bundlePem: from.content, random: new Random(1) });
  });

  beforeEach(async () => {
    await gateway?.close();
    await channels().toBe(0);
    gateway = new SshHostGateway(null, MOST_IDLE);
    epoch += 1;
  });

  afterAll(async () => {
    await gateway?.close();
    await fleet?.stop();
  });

  it('are ended where nothing is asked any more, those of long ago first', async () => {
    const [first, ...others] = targets();
    if (!first) throw new Error('no host');
    await gateway.observe(first);
    for (const host of others) await gateway.observe(host);
    await channels().toBe(MOST_IDLE);
    await gateway.observe(first);
    await channels().toBe(MOST_IDLE);
  });

  it('are all open while all are spoken to', async () => {
    await Promise.all(targets().map((host) => gateway.observe(host)));
    expect(fleet.ssh.mostChannels).toBe(5);
    await channels().toBe(MOST_IDLE);
  });

  it('are ended where a vote stands, too, and it goes on standing without them', async () => {
    for (const host of targets()) await gateway.stage(host, token(1), from.digest, to, LONG_MS);
    await channels().toBe(MOST_IDLE);
    for (const host of targets().slice(0, 4))
      await gateway.commit(host, token(2), from.digest, to.digest, LONG_MS);
    await gateway.discard(targets()[4] as HostTarget, token(2));
    await channels().toBe(MOST_IDLE);
    for (const host of targets().slice(0, 4)) {
      expect(await gateway.confirm(host, token(3), to.digest)).toMatchObject({ digest: to.digest });
      await gateway.revert(host, token(4), from.digest, to.digest);
    }
    await channels().toBe(MOST_IDLE);
  });

  it('take the votes along that stand when the worker itself ends', async () => {
    const [first, second] = targets().slice(0, MOST_IDLE) as [HostTarget, HostTarget];
    for (const host of [first, second]) await gateway.stage(host, token(1), from.digest, to, LONG_MS);
    await gateway.close();
    await channels().toBe(0);
    gateway = new SshHostGateway(null, MOST_IDLE);
    for (const host of [first, second]) {
      const commit = gateway.commit(host, token(2), from.digest, to.digest, LONG_MS);
      await expect(commit).rejects.toMatchObject({ problem: { code: 'host.vote-expired' } });
    }
  });
});
