import type { CrlEnd, GenerationRef } from '#rotation';
import {
  type BundleCertificate,
  type CoveredAnchor,
  composeGeneration,
  crlTexts,
  endOfCrl,
  firstToEnd,
  markerName,
} from '#trust';
import type { Generation } from '../ports/fleet-store.js';
import type { EffectContext } from './context.js';

/** Writes the next generation of the context's fleet: these anchors, their CRLs, and a marker where it has them. */
export async function recordGeneration(
  context: EffectContext,
  anchors: readonly BundleCertificate[],
  crls: readonly CoveredAnchor[],
): Promise<Generation> {
  const { ports, fleet } = context;
  const anchorsPem = anchors.map(({ pem }) => pem);
  const number = await ports.fleets.nextGenerationNumber(fleet.id);
  const crlsPem = crlTexts(crls);
  const plain = composeGeneration({ anchorsPem, crlsPem, markerPem: null });
  const name = markerName(fleet.name, number, plain.digest);
  const markerPem = fleet.generationMarker ? await ports.mint.marker(name) : null;
  const composed = composeGeneration({ anchorsPem, crlsPem, markerPem });
  return ports.fleets.addGeneration(fleet.id, composed);
}

/** Whose CRL ends first, for the journal; nothing where none has an end. */
export function crlEndsOf(crls: readonly CoveredAnchor[]): { readonly crlEnds?: CrlEnd } {
  const first = firstToEnd(crls);
  if (first === null) return {};
  return { crlEnds: { issuer: first.issuer, at: new Date(endOfCrl(first)).toISOString() } };
}

export function referenceOf({ id, number, digest, marker }: Generation): GenerationRef {
  return { id, number, digest, marker };
}
