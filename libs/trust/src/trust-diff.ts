import type { Bundle } from './bundle.js';
import type { BundleCertificate } from './certificate.js';
import { anchorsOf } from './generation.js';

/** How the set of trust anchors changes. Markers do not count: they let nobody in. */
export interface TrustDiff {
  readonly added: readonly BundleCertificate[];
  readonly removed: readonly BundleCertificate[];
  /** Such as `+1 -1 anchors: added CN=new; removed CN=old`. */
  readonly text: string;
}

/** Compares by fingerprint: a re-keyed CA under the same name is one removed and one added. */
export function trustDiff(before: Bundle, after: Bundle): TrustDiff {
  const added = missingFrom(before, after);
  const removed = missingFrom(after, before);
  const parts = [...describe('added', added), ...describe('removed', removed)];
  const counts = `+${added.length} -${removed.length} anchors`;
  return { added, removed, text: parts.length === 0 ? counts : `${counts}: ${parts.join('; ')}` };
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
