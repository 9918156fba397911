import type { BundleCertificate } from './certificate.js';
import { comparableName } from './distinguished-name.js';
import { isSameCa } from './renewal.js';

/** Name and, where both sides have one, key identifier: as `X509_check_issued` matches. Signatures are not checked. */
export function mayHaveIssued(issuer: BundleCertificate, certificate: BundleCertificate): boolean {
  return (
    issuer.fingerprint !== certificate.fingerprint &&
    comparableName(issuer.subject) === comparableName(certificate.issuer) &&
    (certificate.aki === null || issuer.ski === null || certificate.aki === issuer.ski)
  );
}

/**
 * The certificates above one, nearest first, up to a self-signed one; null where the way up is not among `known`. A
 * loop of cross-signed CAs ends it. `signed` tells whether the first really signed the second.
 */
export function chainAbove(
  certificate: BundleCertificate,
  known: readonly BundleCertificate[],
  signed: (issuer: BundleCertificate, certificate: BundleCertificate) => boolean,
): readonly BundleCertificate[] | null {
  if (certificate.selfSigned) return [];
  for (const issuer of known) {
    if (!mayHaveIssued(issuer, certificate) || !signed(issuer, certificate)) continue;
    const above = chainAbove(
      issuer,
      known.filter((one) => one.fingerprint !== issuer.fingerprint),
      signed,
    );
    if (above !== null) return [issuer, ...above];
  }
  return null;
}

/** What is left of anchors without one of them, and who still lets its clients in. */
export interface WithoutCa {
  readonly kept: readonly BundleCertificate[];
  /** CAs that stay and that issued it: nginx takes it from every client that sends it along. */
  readonly vouching: readonly BundleCertificate[];
}

/**
 * Takes a CA out of a bundle with all certificates that it was given, and those above it that stand for no other anchor
 * of it: nginx takes no partial chain, so that they had to be there for it. Pure.
 */
export function withoutCa(anchors: readonly BundleCertificate[], ca: BundleCertificate): WithoutCa {
  const own = anchors.filter((anchor) => isSameCa(anchor, ca));
  const gone = new Set(own.map(({ fingerprint }) => fingerprint));
  for (let before = 0; before !== gone.size; ) {
    before = gone.size;
    for (const anchor of anchors) {
      const below = anchors.filter((one) => !one.selfSigned && mayHaveIssued(anchor, one));
      if (below.length > 0 && below.every(({ fingerprint }) => gone.has(fingerprint))) {
        gone.add(anchor.fingerprint);
      }
    }
  }
  const kept = anchors.filter(({ fingerprint }) => !gone.has(fingerprint));
  const vouching = ca.selfSigned ? [] : kept.filter((anchor) => mayHaveIssued(anchor, ca));
  return { kept, vouching };
}
