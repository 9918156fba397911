import { fleetsOf } from '#rotation';
import type { BundleCertificate } from '#trust';
import { PortError } from '../ports/problem.js';
import type { EffectContext } from './context.js';
import { trustSettings } from './trust-settings.js';

const PLACES_NAMED = 5;

/**
 * A client of a CA with so many CAs above it is refused where `ssl_verify_depth`, which counts the CAs between the
 * client and its root, is lower. Throws PortError `host.verify-depth` with the servers of the context's fleet.
 */
export function refuseShallowHosts(
  { state, fleet }: EffectContext,
  { subject }: BundleCertificate,
  needed: number,
): void {
  if (needed === 0) return;
  const { hostIds } = fleetsOf(state.snapshot).find(({ fleetId }) => fleetId === fleet.id) ?? { hostIds: [] };
  const everywhere = hostIds.flatMap((hostId) => trustSettings(state, [hostId]));
  const shallow = everywhere.filter(({ depth }) => depth < needed);
  if (shallow.length === 0) return;
  const named = shallow.slice(0, PLACES_NAMED).map(({ where, depth }) => `${where} (${depth})`);
  const more = shallow.length > PLACES_NAMED ? ` and ${shallow.length - PLACES_NAMED} more` : '';
  const places = `${named.join(', ')}${more}`;
  throw new PortError({
    code: 'host.verify-depth',
    message: `Clients of ${subject} have ${needed} CAs between them and their root, more than ssl_verify_depth allows at ${places}.`,
    nextStep: `Set ssl_verify_depth ${needed} there, reload nginx, then start again.`,
  });
}
