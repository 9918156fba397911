import { setImmediate } from 'node:timers/promises';
import type { z } from 'zod';
import type { SshServer } from '#engine';
import type { NewHost } from '#persistence';
import { GivenHostKeys } from './given-host-keys.js';
import type { NewHost as NewHostSchema, NewJumpHost } from './host-schemas.js';

type GivenHost = z.output<typeof NewHostSchema>;
type GivenJump = z.output<typeof NewJumpHost>;

/**
 * The hosts as they are recorded, each hop with the one key that is pinned for it. `shared`: the known_hosts for those
 * that bring no key. Throws RequestFault `request.invalid`.
 */
export async function takeHosts(
  hosts: readonly GivenHost[],
  shared: string | undefined,
  pointerOf: (index: number) => string,
): Promise<NewHost[]> {
  const keys = new GivenHostKeys(shared);
  const taken: NewHost[] = [];
  for (const [index, host] of hosts.entries()) {
    // A thousand hosts in a long file of hashed names take seconds, in which others are served too.
    await setImmediate();
    const pointer = pointerOf(index);
    const hostKey = keys.keyOf(host, `host ${host.name}`, pointer);
    const jump = host.jump && takeJump(host.jump, host.name, keys, pointer);
    if (hostKey !== null) taken.push({ ...host, hostKey, privateKey: host.privateKey ?? null, jump });
  }
  keys.refuseFaults();
  return taken;
}

function takeJump(jump: GivenJump, host: string, keys: GivenHostKeys, pointer: string): SshServer | null {
  const { address, port, user, privateKey = null } = jump;
  const hostKey = keys.keyOf(jump, `jump host of ${host}`, `${pointer}/jump`);
  return hostKey === null ? null : { address, port, user, hostKey, privateKey };
}
