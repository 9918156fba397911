import pLimit from 'p-limit';
import type { HostRecord } from '../ports/fleet-store.js';

/** Connections that are made at once; the other hosts wait. */
const HOSTS_AT_ONCE = 16;

/** Asks every host, so many at once; answers in the order of the hosts. The first failure rejects. */
export function askHosts<T>(
  hosts: readonly HostRecord[],
  ask: (host: HostRecord) => Promise<T>,
): Promise<readonly T[]> {
  return pLimit(HOSTS_AT_ONCE).map(hosts, ask);
}
