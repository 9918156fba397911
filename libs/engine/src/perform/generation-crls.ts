import { COURSES, type Strategy } from '#rotation';
import {
  type BundleCertificate,
  type CoveredAnchor,
  coverAnchors,
  coverageFindings,
  gainOf,
  isPastHalf,
} from '#trust';
import { crlsBeside } from '../generation-anchors.js';
import type { Fleet, Generation } from '../ports/fleet-store.js';
import { PortError } from '../ports/problem.js';
import { capitalised } from './capitalised.js';
import type { EffectContext } from './context.js';
import { type CrlSources, crlSources, failureOf } from './crl-sources.js';

/**
 * The CRLs that may stand in the generations of the context's fleet; null where it checks no revocation, or none is
 * composed, and nobody is asked. `old` is what it serves, and `anchors` are those of all generations.
 */
export async function sourcesFor(
  { ports, state, fleet }: EffectContext,
  old: Generation,
  anchors: readonly BundleCertificate[],
): Promise<CrlSources | null> {
  if (fleet.revocation !== 'crl' || anchors.length === 0) return null;
  const { rotationId, target = '' } = state.snapshot;
  const canary = await ports.rotations.leaf(rotationId, 'new');
  const more = [target, canary?.issuerPem ?? ''];
  const sources = await crlSources(ports.ca, { ...fleet, generation: old }, anchors, more);
  await untilValidEverywhere({ ports, state }, sources);
  return sources;
}

/** Longer than this no clock is waited for: the CRL is then refused as not valid yet. */
const LONGEST_WAIT_MS = 30_000;

/** A CRL is valid from the second in which it is made, and a host whose clock is behind would refuse all clients by it. */
async function untilValidEverywhere(
  { ports, state }: Pick<EffectContext, 'ports' | 'state'>,
  { lists }: CrlSources,
): Promise<void> {
  const behind = [...state.effects.values()].map(({ result }) => Number(result.behindMs ?? 0));
  const newest = Math.max(0, ...lists.map(({ thisUpdate }) => thisUpdate));
  const wait = newest + Math.max(0, ...behind) - ports.clock.now();
  if (wait > 0 && wait <= LONGEST_WAIT_MS) await ports.clock.sleep(wait);
}

/**
 * The CRL that stands beside each anchor, none without sources. Throws PortError `crl.missing`, `crl.stale`,
 * `crl.not-yet-valid`, `crl.ends-soon`, each naming the CA, or why the issuing CA gave none of this very anchor. `as`:
 * the strategy that says which of these it waits for.
 */
export function covered(
  { ports, state, fleet }: EffectContext,
  which: 'overlap' | 'new-only',
  anchors: readonly BundleCertificate[],
  sources: CrlSources | null,
  as: Strategy = state.snapshot.strategy,
): readonly CoveredAnchor[] {
  if (sources === null) return [];
  const now = ports.clock.now();
  const found = coverAnchors(anchors, sources.lists, now);
  for (const one of found) {
    const fault = coverageFindings([one], now).find(({ code }) => isBound(as, code));
    if (fault) throw failureOf(sources, one.anchor) ?? uncovered(fleet, which, fault);
  }
  return found;
}

/**
 * Whether the strategy waits for a CRL to be mended. What brings the best CRLs there are to the anchors of today makes
 * nothing worse by one that ended or ends soon: its clients are refused in any case, and others wait for theirs.
 */
function isBound(strategy: Strategy, code: string): boolean {
  if (COURSES[strategy].oneWay) return code === 'crl.missing';
  if (strategy !== 'refresh') return true;
  return code === 'crl.missing' || code === 'crl.not-yet-valid';
}

/**
 * Why there is nothing to bring: the issuing CA could not be asked, or did not give the CRL of an anchor that needs
 * one, as it has none or less than half of the life of its best is left. Null: nobody lacks anything.
 */
export function whyNoOther(
  fresh: readonly CoveredAnchor[],
  sources: Pick<CrlSources, 'failures' | 'away'>,
  now: number,
): PortError | null {
  const needing = fresh.filter(({ list }) => list === null || isPastHalf(list, now));
  const [failure = null] = needing.flatMap(({ anchor }) => failureOf(sources, anchor) ?? []);
  return failure ?? sources.away;
}

/** Throws PortError `refresh.nothing-to-do`, or {@link whyNoOther}, where the hosts would gain nothing. */
export function refuseIdle(
  fleet: Fleet,
  old: Generation,
  fresh: readonly CoveredAnchor[],
  sources: Pick<CrlSources, 'failures' | 'away'> & { readonly now: number },
): void {
  const { now } = sources;
  if (gainOf(crlsBeside(old, now), fresh, now) !== null) return;
  throw (
    whyNoOther(fresh, sources, now) ??
    new PortError({
      code: 'refresh.nothing-to-do',
      message: `The CRLs that fleet ${fleet.name} serves revoke whom those of now revoke, and there are none that would last longer and are needed: half of their life is left, or their CA has made no other.`,
      nextStep:
        'Nothing is to be done. Whom a CA revoked just now is in its next CRL: have that made, then start again.',
    })
  );
}

function uncovered(
  { id, name }: Fleet,
  which: string,
  { code, message, nextStep }: { code: string; message: string; nextStep: string },
): PortError {
  return new PortError({
    code,
    message: `The ${which} generation of fleet ${name} would refuse clients: ${message}.`,
    nextStep: `${capitalised(nextStep)}; at Vault the policy of "windlass ca policy" lets Windlass have it made; for a CA that it does not ask, hand it in (PUT /v1/fleets/${id}/crls). Then start again.`,
  });
}
