import type { RotationSnapshot } from './vocabulary.js';

/** What follows from a snapshot, computed once: snapshots never change, and every look at a plan asks again. */
export function perSnapshot<T>(
  compute: (snapshot: RotationSnapshot) => T,
): (snapshot: RotationSnapshot) => T {
  const known = new WeakMap<RotationSnapshot, { readonly value: T }>();
  return (snapshot) => {
    const entry = known.get(snapshot) ?? { value: compute(snapshot) };
    known.set(snapshot, entry);
    return entry.value;
  };
}
