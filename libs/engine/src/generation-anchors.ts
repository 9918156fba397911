import { anchorsOf, type BundleCertificate, parseBundle } from '#trust';
import type { Generation } from './ports/fleet-store.js';

const READ = new WeakMap<Generation, readonly BundleCertificate[]>();

/** Generations never change, so each is read once. */
export function anchorsIn(generation: Generation): readonly BundleCertificate[] {
  const known = READ.get(generation) ?? anchorsOf(parseBundle(generation.content));
  READ.set(generation, known);
  return known;
}
