import { expect } from 'vitest';
import type { IssuedLeaf } from '#engine';
import type { TestHost } from '#kit';
import { ClientLoad, type LoadCount } from '../../../tools/demo/client-load.js';

/** Kept connections and new ones, each over TLS 1.2 and over TLS 1.3. */
export const CLIENTS = 6;
/** Clients that keep their connection. */
export const KEPT = CLIENTS / 2;
const PAUSE_MS = 25;
const NEVER_MS = 3_600_000;

/** Clients that never stop asking every host. They renew what `issue` gave them where a period is named. */
export async function steadyClients(
  hosts: readonly TestHost[],
  issue: (commonName: string) => Promise<IssuedLeaf>,
  renewEveryMs = NEVER_MS,
): Promise<ClientLoad> {
  const load = new ClientLoad({
    targets: hosts.map(({ address, httpsPort: port }) => ({ address, port })),
    ...{ serverName: 'edge.test', clients: CLIENTS, pauseMs: PAUSE_MS, renewEveryMs, issue },
  });
  await load.start();
  return load;
}

/** Waits until two more requests a client were answered. */
export async function askedAgain(load: ClientLoad): Promise<void> {
  const before = load.count.total;
  await expect
    .poll(() => load.count.total, { interval: 10, timeout: 20_000 })
    .toBeGreaterThan(before + 2 * CLIENTS);
}

/** A connection that is kept may end under the one request that is on its way when its worker goes. */
export function expectNobodyRefused({ refused, firstRefusal, resent }: LoadCount, reloads: number): void {
  expect([refused, firstRefusal]).toEqual([0, null]);
  expect(resent).toBeLessThanOrEqual(reloads * KEPT);
}
