import { nameOf } from './anchor-findings.js';
import type { BundleCertificate } from './certificate.js';
import { comparableName } from './distinguished-name.js';
import type { Finding } from './finding.js';
import { mayHaveIssued } from './issued-by.js';

/** What makes nginx refuse clients because of how the anchors stand to each other. `anchors` are CAs, each once. */
export function chainFindings(anchors: readonly BundleCertificate[]): Finding[] {
  const bySubject = groupBySubject(anchors);
  return [...rootless(anchors, bySubject), ...ambiguous(bySubject)];
}

type BySubject = ReadonlyMap<string, readonly BundleCertificate[]>;

function groupBySubject(anchors: readonly BundleCertificate[]): BySubject {
  const groups = new Map<string, BundleCertificate[]>();
  for (const anchor of anchors) {
    const subject = comparableName(anchor.subject);
    groups.set(subject, [...(groups.get(subject) ?? []), anchor]);
  }
  return groups;
}

/** nginx sets no X509_V_FLAG_PARTIAL_CHAIN: an intermediate counts only with its root in the bundle. */
function rootless(anchors: readonly BundleCertificate[], bySubject: BySubject): Finding[] {
  const rooted = rootedAnchors(anchors, bySubject);
  return anchors
    .filter((anchor) => !rooted.has(anchor))
    .map((anchor) => ({
      code: 'anchor.no-root',
      severity: 'error',
      message: `${nameOf(anchor)} is an intermediate and the bundle lacks its way up: ${missingIssuer(anchor, bySubject)}; nginx accepts no partial chains`,
      nextStep:
        'add the issuing certificates up to the self-signed root, or leave the intermediate to its clients to send',
    }));
}

/** From the roots downwards, so that loops of cross-signed CAs end by themselves. */
function rootedAnchors(
  anchors: readonly BundleCertificate[],
  bySubject: BySubject,
): ReadonlySet<BundleCertificate> {
  const rooted = new Set(anchors.filter((anchor) => anchor.selfSigned));
  for (let before = -1; before !== rooted.size; ) {
    before = rooted.size;
    for (const anchor of anchors) {
      if (issuersOf(anchor, bySubject).some((issuer) => rooted.has(issuer))) rooted.add(anchor);
    }
  }
  return rooted;
}

function missingIssuer(anchor: BundleCertificate, bySubject: BySubject): string {
  let highest = anchor;
  for (const seen = new Set<BundleCertificate>(); !seen.has(highest); ) {
    seen.add(highest);
    highest = issuersOf(highest, bySubject)[0] ?? highest;
  }
  return `no ${highest.issuer}`;
}

function issuersOf(anchor: BundleCertificate, bySubject: BySubject): readonly BundleCertificate[] {
  const named = bySubject.get(comparableName(anchor.issuer)) ?? [];
  return named.filter((issuer) => mayHaveIssued(issuer, anchor));
}

/** Measured: of two CAs with one name and no key identifiers the first in the file wins. */
function ambiguous(bySubject: BySubject): Finding[] {
  return [...bySubject.values()].flatMap((same) => {
    const [first, ...others] = same;
    if (first === undefined || same.every((anchor) => anchor.ski !== null)) return [];
    return others.map(
      (other): Finding => ({
        code: 'anchor.ambiguous-name',
        severity: 'error',
        message: `${nameOf(other)} has the name of certificate ${first.index} (line ${first.line}) and not both have a subject key identifier: nginx tries the first only, and refuses the clients of the other`,
        nextStep: 'give the new CA a name of its own, or subject key identifiers to both',
      }),
    );
  });
}
