import { createHash } from 'node:crypto';
import type { Bundle } from './bundle.js';
import type { BundleCertificate } from './certificate.js';
import { crlsIn, type RevocationList } from './crl.js';
import type { Finding } from './finding.js';
import { isMarker } from './marker.js';
import { parseBundle } from './parse-bundle.js';

/** Ready for `FleetStore.addGeneration`. */
export interface ComposedGeneration {
  /** The PEM text as it will lie on the hosts. */
  readonly content: string;
  /** Lower-case hex SHA-256 of `content`. */
  readonly digest: string;
  /** Common name of the marker in it, or null when there is none. */
  readonly marker: string | null;
}

/** Text given as an anchor or a marker that holds something else. Parse and lint before you compose. */
export class NotComposable extends Error {
  constructor(readonly findings: readonly Finding[]) {
    super(findings.map((finding) => finding.message).join('; '));
    this.name = 'NotComposable';
  }
}

/** Longest comment line in characters: OpenSSL's PEM reader cuts lines at 254 and looks for BEGIN after each cut. */
const MAX_COMMENT = 200;

/**
 * The text of a generation: every certificate of `anchorsPem` once (by fingerprint, in order; markers of other
 * generations left out), every CRL of `crlsPem` once, then the marker. The same input gives the same bytes on every
 * machine. `ssl_client_certificate` and `ssl_crl` name the same file: one rename switches both. Throws
 * {@link NotComposable} when a text cannot be read as certificates.
 */
export function composeGeneration(parts: {
  readonly anchorsPem: readonly string[];
  readonly crlsPem?: readonly string[];
  readonly markerPem: string | null;
}): ComposedGeneration {
  const anchors = distinct(parts.anchorsPem.flatMap((pem) => certificatesOf(pem))).filter(
    (one) => !isMarker(one),
  );
  const marker = parts.markerPem === null ? null : markerIn(parts.markerPem);
  const content = [
    ...anchors.map(section),
    ...distinct((parts.crlsPem ?? []).flatMap(crlsIn)).map(crlSection),
    ...(marker === null ? [] : [section(marker)]),
  ].join('\n');
  return { content, digest: digestOf(content), marker: marker?.commonName ?? null };
}

/** The CA certificates of a bundle, each once, in order: no markers, no leaves. */
export function anchorsOf(bundle: Bundle): BundleCertificate[] {
  return distinct(bundle.certificates.filter((certificate) => certificate.isCa && !isMarker(certificate)));
}

/** Lower-case hex SHA-256 of a bundle's text, as `Generation.digest` and the hosts give it. */
export function digestOf(content: string): string {
  return createHash('sha256').update(content, 'utf8').digest('hex');
}

function certificatesOf(pem: string): readonly BundleCertificate[] {
  const bundle = parseBundle(pem);
  const errors = bundle.findings.filter((finding) => finding.severity === 'error');
  if (errors.length > 0) throw new NotComposable(errors);
  return bundle.certificates;
}

function markerIn(pem: string): BundleCertificate {
  const [marker, ...others] = certificatesOf(pem);
  if (marker !== undefined && others.length === 0 && isMarker(marker)) return marker;
  throw new NotComposable([
    {
      code: 'generation.no-marker',
      severity: 'error',
      message: 'the text given as a generation marker is not exactly one marker',
      nextStep: 'make one with CertificateMint.marker(markerName(...))',
    },
  ]);
}

function distinct<One extends { readonly fingerprint: string }>(all: readonly One[]): One[] {
  return [...new Map(all.map((one) => [one.fingerprint, one])).values()];
}

function section(certificate: BundleCertificate): string {
  const until = new Date(certificate.notAfter).toISOString();
  return `${comment(`${certificate.subject}, valid until ${until}`)}\n${certificate.pem}`;
}

function crlSection({ issuer, nextUpdate, pem }: RevocationList): string {
  const until = nextUpdate === null ? 'for ever' : `until ${new Date(nextUpdate).toISOString()}`;
  return `${comment(`CRL of ${issuer}, ${until}`)}\n${pem}`;
}

/** Printable ASCII on one short line, whatever a subject holds. */
function comment(text: string): string {
  return `# ${text.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_COMMENT)}`;
}
