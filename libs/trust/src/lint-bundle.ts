import { anchorFindings, nameOf } from './anchor-findings.js';
import type { Bundle } from './bundle.js';
import type { BundleCertificate } from './certificate.js';
import { chainFindings } from './chain-findings.js';
import type { Finding } from './finding.js';
import { anchorsOf } from './generation.js';
import { isMarker } from './marker.js';

/**
 * Everything that speaks against putting this bundle on a host, what {@link parseBundle} found included. A bundle
 * without an error is one that nginx loads and whose every CA can let a client in. Whether a given client gets
 * in is not decided here but by the chain verifier. `now` in milliseconds since the epoch.
 */
export function lintBundle(bundle: Bundle, now: number): Finding[] {
  const { firsts, repeats } = splitRepeats(bundle.certificates);
  return [
    ...bundle.findings,
    ...repeats.map(([repeat, first]) => duplicate(repeat, first)),
    ...firsts.filter((one) => !isMarker(one)).flatMap((one) => anchorFindings(one, now)),
    ...chainFindings(anchorsOf(bundle)),
    ...noAnchor(bundle),
  ];
}

type Repeat = readonly [repeat: BundleCertificate, first: BundleCertificate];

function splitRepeats(certificates: readonly BundleCertificate[]): {
  firsts: readonly BundleCertificate[];
  repeats: readonly Repeat[];
} {
  const firsts = new Map<string, BundleCertificate>();
  const repeats: Repeat[] = [];
  for (const certificate of certificates) {
    const first = firsts.get(certificate.fingerprint);
    if (first === undefined) firsts.set(certificate.fingerprint, certificate);
    else repeats.push([certificate, first]);
  }
  return { firsts: [...firsts.values()], repeats };
}

function duplicate(repeat: BundleCertificate, first: BundleCertificate): Finding {
  return {
    code: 'anchor.duplicate',
    severity: 'warning',
    message: `${nameOf(repeat)} is the same as certificate ${first.index} (line ${first.line})`,
    nextStep: 'take one of the two out; nginx does not mind',
  };
}

function noAnchor(bundle: Bundle): Finding[] {
  if (anchorsOf(bundle).length > 0) return [];
  const severe = bundle.findings.some((finding) => finding.severity === 'error');
  const leaves = bundle.certificates.some((certificate) => !isMarker(certificate));
  // A more exact error was given already: the text is no PEM, or a leaf stands where a CA should.
  if (severe || leaves) return [];
  return [
    {
      code: 'bundle.no-anchor',
      severity: 'error',
      message: 'the bundle holds no CA certificate: every client would be refused',
      nextStep: 'put the certificate of the CA that issues your clients into it',
    },
  ];
}
