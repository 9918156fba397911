import type { Bundle } from './bundle.js';
import type { BundleCertificate } from './certificate.js';
import { anchorsOf } from './generation.js';
import { holdsCa } from './renewal.js';

/** How the set of trust anchors changes. Markers do not count: they let nobody in. */
export interface TrustDiff {
  readonly added: readonly BundleCertificate[];
  readonly removed: readonly BundleCertificate[];
  /** Another certificate of a CA that is trusted before and after: its clients are let in by either. */
  readonly renewed: readonly BundleCertificate[];
  /** Such as `+1 -1 anchors: added CN=new; removed CN=old`. */
  readonly text: string;
}

/** A CA that is re-keyed under its name is one removed and one added; one that is renewed with its key is neither. */
export function trustDiff(before: Bundle, after: Bundle): TrustDiff {
  const [came, gone] = [missingFrom(before, after), missingFrom(after, before)];
  const added = came.filter((anchor) => !holdsCa(anchorsOf(before), anchor));
  const removed = gone.filter((anchor) => !holdsCa(anchorsOf(after), anchor));
  const renewed = came.filter((anchor) => !added.includes(anchor));
  const parts = [
    ...describe('added', added),
    ...describe('removed', removed),
    ...describe('renewed with the same key', renewed),
  ];
  const counts = `+${added.length} -${removed.length} anchors`;
  return { added, removed, renewed, text: parts.length === 0 ? counts : `${counts}: ${parts.join('; ')}` };
}

/** Anchors of `bundle` that `other` does not hold. */
function missingFrom(other: Bundle, bundle: Bundle): BundleCertificate[] {
  const known = new Set(anchorsOf(other).map((anchor) => anchor.fingerprint));
  return anchorsOf(bundle).filter((anchor) => !known.has(anchor.fingerprint));
}

function describe(what: string, anchors: readonly BundleCertificate[]): string[] {
  if (anchors.length === 0) return [];
  return [
    `${what} ${anchors.map((anchor) => `${anchor.subject} (${anchor.fingerprint.slice(0, 12)})`).join(', ')}`,
  ];
}
