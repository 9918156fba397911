import { courseOf } from '#rotation';
import { type BundleCertificate, holdsCa } from '#trust';
import { PortError } from '../ports/problem.js';
import type { EffectContext } from './context.js';

/**
 * Without a marker, sessions end where the list of CA names changes, and only there. Throws PortError
 * `host.sessions-outlive` where it stays the same, as for a CA that is re-keyed under its name, and some host keeps
 * sessions over a reload.
 */
export function refuseUnmarkedSessions(
  { fleet, state }: EffectContext,
  hostIds: readonly string[],
  before: readonly BundleCertificate[],
  after: readonly BundleCertificate[] | null,
): void {
  // What cannot wait goes on, and what is built of nothing new drops nobody.
  if (fleet.generationMarker || after === null || courseOf(state).adopts) return;
  const drops = before.some((anchor) => !holdsCa(after, anchor));
  if (!drops || namesIn(before) !== namesIn(after)) return;
  const hosts = hostIds.flatMap((hostId) => {
    const kept = state.effects.get(`expand.1/host.inspect/${hostId}`)?.result.sessionsKeptBy;
    if (!Array.isArray(kept) || kept.length === 0) return [];
    return [`${state.snapshot.hostNames[hostId] ?? hostId}: ${kept.join(', ')}`];
  });
  if (hosts.length === 0) return;
  throw new PortError({
    code: 'host.sessions-outlive',
    message: `The new CA has the name of the old one and fleet ${fleet.name} has no generation marker, so clients of the old CA would go on with the TLS sessions that they have: ${hosts.join('; ')}.`,
    nextStep:
      'Set ssl_session_tickets off and ssl_session_cache none there, or record the fleet with generationMarker true, or give the new CA another name; then start again.',
  });
}

/** nginx asks for each name once, and the order does not matter to us. */
function namesIn(certificates: readonly BundleCertificate[]): string {
  return [...new Set(certificates.map(({ subject }) => subject))].toSorted().join('\n');
}
