import { type IssuingCa, Secret } from '#engine';
import type { ComposedGeneration } from '#trust';
import type { MemoryDatabase } from './memory/index.js';
import type { Watched } from './observer.js';
import type { SimMachine } from './sim-machine.js';
import { pinsRole } from './sim-strategies.js';
import type { WorldOptions } from './world-options.js';

/** How the one CA of every world is recorded. */
const ISSUING_CA: IssuingCa = {
  ...{ id: 'ca', address: 'http://ca', namespace: '', mount: 'pki', role: 'clients' },
  ...{ kind: 'vault', token: new Secret('t'), serverCaPem: null },
};

/** Where the so-manieth host is found. */
export function addressOf(index: number): string {
  return `127.20.1.${index + 1}`;
}

/** How the so-manieth host is enrolled. */
function recordOf(host: SimMachine, index: number) {
  const address = addressOf(index);
  return {
    ...{ name: host.id, address, port: 22, user: 'root', hostKey: 'k', privateKey: new Secret('k') },
    ...{ managedPaths: ['/etc/nginx/clients.pem'], nginxBinary: 'nginx' },
    probeTargets: [{ address, port: 8443, serverName: null, path: '/' }],
  };
}

/** As long as the name in the marker's template. */
const FLEET_NAMES = ['sim', 'too'];

/** Every fleet gets an equal share of the hosts, in order. */
export function recordFleets({
  options,
  hosts: all,
  database,
  bundleAtFirst: generation,
}: {
  readonly options: WorldOptions;
  readonly hosts: readonly SimMachine[];
  readonly database: MemoryDatabase;
  readonly bundleAtFirst: ComposedGeneration;
}): Watched[] {
  const { fleets = 1, soakSeconds, contractWhen = 'soaked', approval = 'none' } = options;
  const { samples = [], revocation = 'none' } = options;
  const share = Math.ceil(all.length / fleets);
  return Array.from({ length: fleets }, (_, index) => {
    const first = index * share;
    const hosts = all.slice(first, first + share);
    const row = database.recordFleet({
      ...{ name: FLEET_NAMES[index] ?? '', soakSeconds, contractWhen, approval, revocation },
      ...{ clientLog: null, canaryHosts: 1, caTtlSeconds: 86_400 * 365 },
      issuingCa: { ...ISSUING_CA, ...(pinsRole(options) ? { pinnedRoles: 'move' } : {}) },
      ...{ generation, samples, hosts: hosts.map((host, place) => recordOf(host, first + place)) },
    });
    const ids = row.hosts.flatMap(({ record }, place) => {
      const host = hosts[place];
      return host ? [[record.id, host] as const] : [];
    });
    return { fleetId: row.id, hosts: new Map(ids) };
  });
}
