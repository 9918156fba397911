import { createHash } from 'node:crypto';
import type { HostGateway, HostTarget } from '#engine';
import { Secret } from '#engine';
import { SshHostGateway } from '#host';
import { makeCa } from '#kit';
import { TlsProbe } from '#probe';
import { Random } from '../../libs/simulation/src/random.js';
import { SimGateway } from '../../libs/simulation/src/sim-gateway.js';
import { SimMachine } from '../../libs/simulation/src/sim-machine.js';
import { SimProcess } from '../../libs/simulation/src/sim-process.js';
import { QuickNetwork, RealTime } from '../faults/real-time.js';
import { type Bundle, OneHost } from '../fleet/one-host.js';
import { SimulatedFleet } from '../simulated-fleet/simulated-fleet.js';
import { MANAGED_PATH, SERVER_NAME } from '../simulated-fleet/simulated-host.js';

/** One host of one kind with the bundles of one switch, and what the suite has to do to it behind the port. */
export interface HostUnderTest {
  readonly gateway: HostGateway;
  readonly target: HostTarget;
  readonly from: Bundle;
  readonly to: Bundle;
  /** The content of the managed file. */
  live(): string;
  /** What somebody else writes there. */
  edit(content: string): void;
  /** Whether the workers serve `to`; else they serve `from`. */
  servesTo(): Promise<boolean>;
  /** From now on `nginx -t` fails; returns the end of it. */
  breakConfiguration(): () => void;
  /** From now on a reload takes no effect; returns the end of it. */
  breakReload(): Promise<() => Promise<void>>;
  reboot(): Promise<void>;
  stop(): Promise<void>;
}

export interface HostKind {
  readonly name: string;
  start(): Promise<HostUnderTest>;
}

export const HOST_KINDS: readonly HostKind[] = [
  { name: 'simulated', start: simulated },
  { name: 'simulated behind SSH', start: simulatedBehindSsh },
  { name: 'real', start: real },
];

async function real(): Promise<HostUnderTest> {
  const one = await OneHost.boot();
  const { host, from, to } = one;
  const live = 'etc/nginx/trust/client-ca.pem';
  return {
    ...{ gateway: one.gateway, target: one.target(), from, to },
    live: () => host.readFile(live),
    edit: (content) => host.writeFile(live, content),
    servesTo: async () => (await one.served()).includes('CN=New'),
    breakConfiguration: () => {
      host.writeFile('etc/nginx/conf.d/broken.conf', 'nonsense;\n');
      return () => void host.exec('rm /etc/nginx/conf.d/broken.conf');
    },
    breakReload: () => host.occupyPort(),
    reboot: () => host.reboot(),
    stop: () => one.stop(),
  };
}

async function simulated(): Promise<HostUnderTest> {
  const { from, to } = await switchedBundles();
  const time = new RealTime();
  const host = new SimMachine('host-1', from.content, time, new Random(1), 1, () => undefined);
  const network = new QuickNetwork(time, new Random(2));
  const gateway = new SimGateway(new SimProcess('a test', time, 0), network, new Map([['127.20.1.1', host]]));
  return {
    ...{ gateway, target: aTarget(), from, to },
    ...troublesOf(host),
    servesTo: async () => host.serving === to.content,
    reboot: async () => {
      host.powerOff();
      host.powerOn();
    },
    stop: async () => undefined,
  };
}

/** The same host, and every word to it and of it over SSH and TLS. */
async function simulatedBehindSsh(): Promise<HostUnderTest> {
  const { from, to } = await switchedBundles();
  const fleet = await SimulatedFleet.start({ hosts: 1, bundlePem: from.content, random: new Random(1) });
  const [host] = fleet.hosts.values();
  if (!host) throw new Error('no host');
  const { address } = host;
  const gateway = new SshHostGateway();
  const place = { address, port: fleet.ports.https, serverName: SERVER_NAME, path: '/' };
  const { hostKey, privateKey } = fleet.keys;
  return {
    ...{ gateway, from, to, ...troublesOf(host.machine) },
    target: {
      ...{ ...aTarget(), address, port: fleet.ports.ssh, hostKey, privateKey: new Secret(privateKey) },
      managedPaths: [MANAGED_PATH],
    },
    servesTo: async () => ((await new TlsProbe().servedCaNames(place)) ?? []).includes('CN=New'),
    reboot: async () => {
      fleet.reboot(address);
      // What it held is cut; whether it has heard of that yet is no matter of this suite.
      await gateway.close();
    },
    stop: async () => {
      await gateway.close();
      await fleet.stop();
    },
  };
}

async function switchedBundles(): Promise<{ from: Bundle; to: Bundle }> {
  const from = bundleOf((await makeCa({ commonName: 'Old' })).certificatePem);
  return { from, to: bundleOf(from.content + (await makeCa({ commonName: 'New' })).certificatePem) };
}

function troublesOf(host: SimMachine) {
  const { troubles } = host;
  return {
    live: () => host.file,
    edit: (content: string) => host.rename(content),
    breakConfiguration: () => {
      troubles.refusesBundles = true;
      return () => {
        troubles.refusesBundles = false;
      };
    },
    breakReload: async () => {
      troubles.reloadStuck = true;
      return async () => {
        troubles.reloadStuck = false;
      };
    },
  };
}

function aTarget(): HostTarget {
  return {
    ...{ id: 'host-1', name: 'host-1', fleetId: 'fleet-1', address: '127.20.1.1', port: 22, user: 'root' },
    ...{ hostKey: 'k', privateKey: new Secret('k'), managedPaths: ['/etc/nginx/clients.pem'] },
    nginxBinary: 'nginx',
  };
}

function bundleOf(content: string): Bundle {
  return { content, digest: createHash('sha256').update(content).digest('hex') };
}
