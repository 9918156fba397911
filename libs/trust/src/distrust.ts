import type { BundleCertificate } from './certificate.js';
import { mayHaveIssued } from './issued-by.js';

/** What is left of a bundle without some of its anchors. */
export interface Distrust {
  readonly kept: readonly BundleCertificate[];
  /** Every certificate with a distrusted key: one that was issued again for the same key goes as well. */
  readonly distrusted: readonly BundleCertificate[];
  /** Intermediates whose root went: nginx takes no chain that ends at them. */
  readonly orphaned: readonly BundleCertificate[];
  /** Kept certificates that issued a distrusted one: whoever sends it along is let in by them. */
  readonly vouching: readonly BundleCertificate[];
}

/**
 * The identifier by which an anchor is distrusted: its subject key identifier (RFC 5280 4.2.1.2), or the SHA-256 of the
 * certificate where it has none. Lower-case hex.
 */
export function anchorId({ ski, fingerprint }: Pick<BundleCertificate, 'ski' | 'fingerprint'>): string {
  return ski ?? fingerprint;
}

/** Whether one of the identifiers is the anchor's; its SHA-256 always is. */
export function isNamed(
  one: Pick<BundleCertificate, 'ski' | 'fingerprint'>,
  ids: readonly string[],
): boolean {
  return ids.includes(anchorId(one)) || ids.includes(one.fingerprint);
}

/** Takes the anchors with these identifiers out of a bundle. Pure. */
export function withoutAnchors(anchors: readonly BundleCertificate[], ids: readonly string[]): Distrust {
  const goes = (one: BundleCertificate) => isNamed(one, ids);
  const distrusted = anchors.filter(goes);
  const left = anchors.filter((one) => !goes(one));
  const kept = rooted(left);
  return {
    kept,
    distrusted,
    orphaned: left.filter((one) => !kept.includes(one)),
    vouching: kept.filter((one) => distrusted.some((gone) => !gone.selfSigned && mayHaveIssued(one, gone))),
  };
}

/** Those from which names and key identifiers lead up to a self-signed certificate. */
function rooted(certificates: readonly BundleCertificate[]): readonly BundleCertificate[] {
  const kept = new Set(certificates.filter(({ selfSigned }) => selfSigned));
  for (let before = -1; before !== kept.size; ) {
    before = kept.size;
    for (const one of certificates) {
      if ([...kept].some((above) => mayHaveIssued(above, one))) kept.add(one);
    }
  }
  return certificates.filter((one) => kept.has(one));
}
