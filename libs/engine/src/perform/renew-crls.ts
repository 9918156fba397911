import { fleetsOf, type GenerationRef, generationsFor } from '#rotation';
import { type CoveredAnchor } from '#trust';
import { anchorsIn, crlsBeside } from '../generation-anchors.js';
import { type EffectContext, required } from './context.js';
import { covered, sourcesFor } from './generation-crls.js';
import { recordGeneration, referenceOf } from './record-generation.js';

/**
 * A soak may have outlived the CRLs of the new-only generations: each that has other ones now is recorded anew. Throws
 * PortError as {@link covered}.
 */
export async function renewCrls(
  context: EffectContext,
): Promise<{ renewed?: readonly { readonly fleetId: string; readonly next: GenerationRef }[] }> {
  const { ports, state } = context;
  const renewed: { fleetId: string; next: GenerationRef }[] = [];
  for (const { fleetId } of fleetsOf(state.snapshot)) {
    const fleet = await ports.fleets.fleet(fleetId);
    if (fleet.revocation !== 'crl') continue;
    const built = required(generationsFor(state, fleetId), 'generations.build');
    const next = await ports.fleets.generation(built.next.id);
    const anchors = anchorsIn(next);
    const own = { ...context, fleet };
    const fresh = covered(own, 'new-only', anchors, await sourcesFor(own, next, anchors));
    if (listsOf(fresh) === listsOf(crlsBeside(next, ports.clock.now()))) continue;
    renewed.push({ fleetId, next: referenceOf(await recordGeneration(own, anchors, fresh)) });
  }
  return renewed.length === 0 ? {} : { renewed };
}

function listsOf(all: readonly CoveredAnchor[]): string {
  return all.map(({ list }) => list?.fingerprint ?? '').join();
}
