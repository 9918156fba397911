import {
  anchorsOf,
  type BundleCertificate,
  type CoveredAnchor,
  coverAnchors,
  crlsIn,
  parseBundle,
  type RevocationList,
} from '#trust';
import type { Generation } from './ports/fleet-store.js';

const READ = new WeakMap<Generation, readonly BundleCertificate[]>();
const LISTS = new WeakMap<Generation, readonly RevocationList[]>();

/** Generations never change, so each is read once. */
export function anchorsIn(generation: Generation): readonly BundleCertificate[] {
  const known = READ.get(generation) ?? anchorsOf(parseBundle(generation.content));
  READ.set(generation, known);
  return known;
}

/** Its anchors, each with the CRL that stands beside it; `now` in milliseconds since the epoch. */
export function crlsBeside(generation: Generation, now: number): readonly CoveredAnchor[] {
  const lists = LISTS.get(generation) ?? crlsIn(generation.content);
  LISTS.set(generation, lists);
  return coverAnchors(anchorsIn(generation), lists, now);
}
