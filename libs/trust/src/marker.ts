import type { CertificateFacts } from './certificate.js';

/** Upper bound of commonName in RFC 5280 appendix A.1 (ub-common-name). */
const MAX_COMMON_NAME = 64;
const DIGEST_PREFIX = 12;
const MARKER = /^windlass ([A-Za-z0-9._-]+) generation ([1-9][0-9]*) ([0-9a-f]{12})$/;

/** A real marker was never valid in this century: nginx accepts a pinned self-signed leaf that is in date. */
const MARKERS_END_BEFORE = Date.UTC(2001, 0, 1);

/** What the common name of a marker says. */
export interface MarkerFacts {
  /** The fleet's name, cut and with `-` for every character outside `A-Z a-z 0-9 . _ -`. */
  readonly fleet: string;
  readonly number: number;
  /** First 12 hex digits of the digest that {@link markerName} was given. */
  readonly digestPrefix: string;
}

/**
 * The common name of a generation's marker: `windlass <fleet> generation <n> <digest prefix>`, at most 64
 * characters; a long fleet name is cut. `anchorsDigest` is the hex digest of the generation composed without
 * its marker, because the marker cannot hold a digest of itself.
 */
export function markerName(fleetName: string, number: number, anchorsDigest: string): string {
  const tail = ` generation ${number} ${anchorsDigest.toLowerCase().slice(0, DIGEST_PREFIX)}`;
  const room = MAX_COMMON_NAME - 'windlass '.length - tail.length;
  const fleet = fleetName.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, room) || 'fleet';
  return `windlass ${fleet}${tail}`;
}

/** Reads a marker's common name; null when it is something else. */
export function readMarkerName(commonName: string): MarkerFacts | null {
  const [, fleet, number, digestPrefix] = MARKER.exec(commonName) ?? [];
  if (fleet === undefined || number === undefined || digestPrefix === undefined) return null;
  return { fleet, number: Number(number), digestPrefix };
}

/**
 * True for a generation marker of Windlass. The name alone is not enough: anybody could give it to a
 * certificate that lets a client in, so it must also be self-signed, no CA, and expired long ago.
 */
export function isMarker(certificate: CertificateFacts): boolean {
  return (
    certificate.selfSigned &&
    !certificate.isCa &&
    certificate.notAfter < MARKERS_END_BEFORE &&
    certificate.commonName !== null &&
    readMarkerName(certificate.commonName) !== null
  );
}

/**
 * The marker among the CA names that a listener serves (`Probe.servedCaNames`), as its common name. Null when
 * there is none, and when there are several: that is no generation of ours.
 */
export function markerOf(servedCaNames: readonly string[]): string | null {
  const markers = servedCaNames
    .filter((name) => name.startsWith('CN='))
    .map((name) => name.slice('CN='.length))
    .filter((commonName) => readMarkerName(commonName) !== null);
  return markers.length === 1 ? (markers[0] ?? null) : null;
}
