import { type ProbeIdentity, Secret } from '#engine';
import type { TestHost } from '#kit';
import type { ServedFleet } from './served-fleet.js';

/** A client of the CA that is the default of the mount, as Vault knows it. */
export interface VaultClient extends ProbeIdentity {
  readonly serial: string;
}

export async function newVaultClient(served: ServedFleet): Promise<VaultClient> {
  const { data } = await served.askVault('POST', 'pki/issue/clients', { common_name: 'c', ttl: '1h' });
  const { certificate, private_key: key, serial_number: serial } = data as Record<string, string>;
  return {
    ...{ certificatePem: `${certificate}\n`, chainPem: '', privateKey: new Secret(`${key}\n`) },
    serial: serial ?? '',
  };
}

export function revokeClient(served: ServedFleet, { serial }: VaultClient) {
  return served.askVault('POST', 'pki/revoke', { serial_number: serial });
}

/** Where clients ask the host. */
export function target({ address, httpsPort: port }: TestHost) {
  return { address, port, serverName: 'edge.test', path: '/' };
}
