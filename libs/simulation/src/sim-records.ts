import { type IssuingCa, Secret } from '#engine';
import type { SimMachine } from './sim-machine.js';

/** How the one CA of every world is recorded. */
export const ISSUING_CA: IssuingCa = {
  ...{ id: 'ca', address: 'http://ca', namespace: '', mount: 'pki', role: 'clients' },
  ...{ kind: 'vault', token: new Secret('t'), serverCaPem: null },
};

/** Where the so-manieth host is found. */
export function addressOf(index: number): string {
  return `127.20.1.${index + 1}`;
}

/** How the so-manieth host is enrolled. */
export function recordOf(host: SimMachine, index: number) {
  const address = addressOf(index);
  return {
    ...{ name: host.id, address, port: 22, user: 'root', hostKey: 'k', privateKey: new Secret('k') },
    ...{ managedPaths: ['/etc/nginx/clients.pem'], nginxBinary: 'nginx' },
    probeTargets: [{ address, port: 8443, serverName: null, path: '/' }],
  };
}
