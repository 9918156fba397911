import { createHash } from 'node:crypto';
import type { HostGateway, HostTarget } from '#engine';
import { Secret } from '#engine';
import { makeCa } from '#kit';
import { Random } from '../../libs/simulation/src/random.js';
import { SimGateway } from '../../libs/simulation/src/sim-gateway.js';
import { SimMachine } from '../../libs/simulation/src/sim-machine.js';
import { SimProcess } from '../../libs/simulation/src/sim-process.js';
import { QuickNetwork, RealTime } from '../faults/real-time.js';
import { type Bundle, OneHost } from '../fleet/one-host.js';

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
  const from = bundleOf((await makeCa({ commonName: 'Old' })).certificatePem);
  const to = bundleOf(from.content + (await makeCa({ commonName: 'New' })).certificatePem);
  const time = new RealTime();
  const host = new SimMachine('host-1', from.content, time, new Random(1), 1, () => undefined);
  const network = new QuickNetwork(time, new Random(2));
  const gateway = new SimGateway(new SimProcess('a test', time, 0), network, new Map([['127.20.1.1', host]]));
  return {
    ...{ gateway, target: aTarget(), from, to },
    live: () => host.file,
    edit: (content) => host.rename(content),
    servesTo: async () => host.serving === to.content,
    breakConfiguration: () => {
      host.troubles.refusesBundles = true;
      return () => {
        host.troubles.refusesBundles = false;
      };
    },
    breakReload: async () => {
      host.troubles.reloadStuck = true;
      return async () => {
        host.troubles.reloadStuck = false;
      };
    },
    reboot: async () => {
      host.powerOff();
      host.powerOn();
    },
    stop: async () => undefined,
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
