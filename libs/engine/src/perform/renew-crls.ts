import { type FleetSnapshot, fleetsOf, generationsFor, type RenewedGeneration } from '#rotation';
import { anchorsIn, crlsBeside } from '../generation-anchors.js';
import { type EffectContext, required } from './context.js';
import { covered, sourcesFor } from './generation-crls.js';
import { recordGeneration, referenceOf } from './record-generation.js';
import { judgedWith, listsOf, type Renewal } from './renewal.js';

/**
 * A soak may have outlived the CRLs of the new-only generations: each that has other ones now is recorded anew, and its
 * samples are judged by it, as their CA may have revoked them since. Throws PortError as {@link covered}, and where
 * samples cannot be judged.
 */
export async function renewCrls(context: EffectContext): Promise<{ renewed?: readonly RenewedGeneration[] }> {
  const due: Renewal[] = [];
  for (const snapshot of fleetsOf(context.state.snapshot)) {
    const fleet = await context.ports.fleets.fleet(snapshot.fleetId);
    const renewal = fleet.revocation === 'crl' ? await renewalOf({ ...context, fleet }, snapshot) : null;
    if (renewal !== null) due.push(renewal);
  }
  // Behind everything that may fail: each repeat would record one more.
  const renewed: RenewedGeneration[] = [];
  for (const { context: own, anchors, crls, samples } of due) {
    const next = referenceOf(await recordGeneration(own, anchors, crls));
    const { accepted, refused } = samples;
    renewed.push({ fleetId: own.fleet.id, next, samples: { accepted, refusedAfterContract: refused } });
  }
  return renewed.length === 0 ? {} : { renewed };
}

/** Null where the generation that was built has the CRLs of now. */
async function renewalOf(
  context: EffectContext,
  { fleetId, hostIds }: FleetSnapshot,
): Promise<Renewal | null> {
  const { ports, state } = context;
  const built = required(generationsFor(state, fleetId), 'generations.build');
  const next = await ports.fleets.generation(built.next.id);
  const anchors = anchorsIn(next);
  const crls = covered(context, 'new-only', anchors, await sourcesFor(context, next, anchors));
  if (listsOf(crls) === listsOf(crlsBeside(next, ports.clock.now()))) return null;
  return judgedWith(context, hostIds, next, { anchors, crls });
}
