import { pathMissing } from '../inspection/host-faults.js';
import type { HostRecord } from '../ports/fleet-store.js';
import type { HostObservation } from '../ports/host-gateway.js';
import { PortError } from '../ports/problem.js';

/**
 * SHA-256 of what every managed file of the host holds, whatever that is. Throws `host.path-missing`, and `host.torn`
 * where the files differ from one another: there would be no one state to go back to.
 */
export function commonDigest(host: HostRecord, { files }: Pick<HostObservation, 'files'>): string {
  const [first, ...others] = files;
  const missing = files.find(({ digest }) => digest === null);
  if (!first?.digest || missing) {
    throw new PortError(pathMissing(host, missing?.path ?? ''));
  }
  const other = others.find(({ digest }) => digest !== first.digest);
  if (!other) return first.digest;
  throw new PortError({
    code: 'host.torn',
    message: `${host.name}: its managed files hold different bundles (${first.path}: SHA-256 ${first.digest.slice(0, 12)}..., ${other.path}: ${other.digest?.slice(0, 12)}...).`,
    nextStep: 'Copy one over the other there, whichever clients need most, then start or retry the rotation.',
  });
}
