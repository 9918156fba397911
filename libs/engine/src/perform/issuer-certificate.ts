import { type KeyObject, X509Certificate } from 'node:crypto';
import { anchorsOf, type BundleCertificate, chainAbove, parseBundle } from '#trust';
import type { Issuer, IssuingCa, ParentIssuer } from '../ports/ca-source.js';
import { PortError } from '../ports/problem.js';

export function caLabel(ca: IssuingCa): string {
  if (ca.kind === 'upload') return `uploaded CA "${ca.name}"`;
  if (ca.kind === 'aws-pca') return `AWS Private CA group "${ca.group}" in ${ca.region}`;
  return `PKI mount "${ca.mount}" at ${ca.address}`;
}

/** Where it is written down which issuer is the default: what a person looks at who finds another one there. */
export function defaultSetting(ca: IssuingCa): string {
  return ca.kind === 'aws-pca' ? 'the tag windlass-default' : 'config/issuers';
}

/** The CA certificate of an issuer as the PKI gives it. Throws `ca.no-certificate`, `ca.not-a-ca`. */
export function caCertificate(issuer: Issuer, ca: IssuingCa): BundleCertificate {
  const { certificates, findings } = parseBundle(issuer.certificatePem);
  const [certificate, ...others] = certificates;
  if (!certificate || others.length > 0) {
    throw new PortError({
      code: 'ca.no-certificate',
      message: `${nameOf(issuer, ca)} comes with ${certificates.length} certificates that can be read, not with one.`,
      nextStep: 'Look at it in the PKI, and put its certificate right or remove it, then start again.',
      ...(findings[0] ? { detail: findings[0].message } : {}),
    });
  }
  if (certificate.isCa) return certificate;
  throw new PortError({
    code: 'ca.not-a-ca',
    message: `The certificate of ${nameOf(issuer, ca)}, ${certificate.subject}, is not a CA certificate.`,
    nextStep: 'Remove it from the mount; a bundle with a leaf in it refuses every client.',
  });
}

/** What the new CA must not be mixed up with. */
export interface NewCaExpectations {
  /** SHA-256 of the certificate when it was created; null when no entry of the journal says it. */
  readonly fingerprint: string | null;
  /** What the fleet trusts today. */
  readonly anchors: readonly BundleCertificate[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Refuses a new CA that is not the one that was created for this rotation, or that would change nothing, or that
 * no client could ever use (F22). Throws `ca.changed-by-others`, `ca.expired`, `ca.unusable-key`,
 * `ca.already-trusted`. What is above it is {@link parentsOf}'s.
 */
export function checkNewCa(
  certificate: BundleCertificate,
  issuer: Issuer,
  ca: IssuingCa,
  { fingerprint, anchors, now }: NewCaExpectations,
): void {
  const refuse = (code: string, what: string, nextStep: string) =>
    new PortError({
      code,
      message: `The new CA ${certificate.subject} (${nameOf(issuer, ca)}) ${what}.`,
      nextStep,
    });
  if (fingerprint !== null && certificate.fingerprint !== fingerprint) {
    throw refuse(
      'ca.changed-by-others',
      `is no longer the certificate that was created (SHA-256 ${short(certificate.fingerprint)}, was ${short(fingerprint)})`,
      'Find who replaces issuers of this mount, then start again.',
    );
  }
  if (certificate.notAfter <= now) {
    throw refuse(
      'ca.expired',
      `expired at ${utc(certificate.notAfter)}; it is ${utc(now)} now`,
      'Raise caTtlSeconds of the fleet, and compare the clocks of the PKI and of this machine.',
    );
  }
  if (publicKeyOf(certificate) === null) {
    throw refuse(
      'ca.unusable-key',
      'has a public key that cannot be read, so that no client of it would ever be let in',
      'Look at it in the PKI, and at whatever stands between the PKI and Windlass, then start again.',
    );
  }
  if (anchors.some((anchor) => sameKey(anchor, certificate))) {
    throw refuse(
      'ca.already-trusted',
      'has the key of a CA that the fleet trusts today, so dropping the old one would drop nobody',
      'Have the PKI make a CA with a key of its own, then start again. One that was only renewed is brought in by the strategy `replace`: give the bundle with the new certificate in the place of the old one.',
    );
  }
}

/**
 * The CAs above a new one up to its root, nearest first; none for a root. nginx takes no partial chain, so that a bundle
 * needs all of them. Throws `ca.not-self-signed` for an intermediate of a PKI that was to make a root, and
 * `ca.no-root` where the way up is not known.
 */
export function parentsOf(
  certificate: BundleCertificate,
  issuer: Issuer,
  ca: IssuingCa,
  anchors: readonly BundleCertificate[],
): readonly BundleCertificate[] {
  const signedBy = ca.kind === 'vault' ? (ca.signedBy ?? null) : null;
  const known = [...anchors, ...anchorsOf(parseBundle(issuer.parentsPem ?? ''))];
  const above =
    certificate.selfSigned || signedBy !== null ? chainAbove(certificate, known, isSignedBy) : null;
  if (above !== null && (!certificate.selfSigned || isSignedBy(certificate, certificate))) return above;
  throw signedBy === null
    ? notSelfSigned(certificate, issuer, ca)
    : rootless(certificate, issuer, ca, signedBy);
}

function notSelfSigned(certificate: BundleCertificate, issuer: Issuer, ca: IssuingCa): PortError {
  return new PortError({
    code: 'ca.not-self-signed',
    message: `${signedElsewhere(certificate, issuer, ca)}; nginx accepts no chain that ends there.`,
    nextStep:
      ca.kind === 'upload'
        ? 'Have the PKI make a root CA, then start again.'
        : 'Have the PKI make a root CA, or name the one above in signedBy of the issuing CA; then start again.',
  });
}

function rootless(
  certificate: BundleCertificate,
  issuer: Issuer,
  ca: IssuingCa,
  { mount }: ParentIssuer,
): PortError {
  return new PortError({
    code: 'ca.no-root',
    message: `${signedElsewhere(certificate, issuer, ca)}, and the way from there to a root is not known: nginx accepts no chain that ends before it.`,
    nextStep: `Import the certificates above it up to the root there (vault write ${mount}/issuers/import/cert pem_bundle=@chain.pem), then start again.`,
  });
}

function signedElsewhere(certificate: BundleCertificate, issuer: Issuer, ca: IssuingCa): string {
  return `The new CA ${certificate.subject} (${nameOf(issuer, ca)}) is not signed by itself but by ${certificate.issuer}`;
}

/** The same certificate, or another one for the same key: who has it is let in by either. */
function sameKey(one: BundleCertificate, other: BundleCertificate): boolean {
  const [key, otherKey] = [publicKeyOf(one), publicKeyOf(other)];
  return key !== null && otherKey !== null && key.equals(otherKey);
}

function isSignedBy(issuer: BundleCertificate, certificate: BundleCertificate): boolean {
  const key = publicKeyOf(issuer);
  return key !== null && new X509Certificate(certificate.pem).verify(key);
}

/** Null for one that OpenSSL does not take: a certificate is read without its key, so that a damaged one is found only here. */
function publicKeyOf({ pem }: BundleCertificate): KeyObject | null {
  try {
    return new X509Certificate(pem).publicKey;
  } catch {
    return null;
  }
}

function nameOf({ name, id }: Issuer, ca: IssuingCa): string {
  return `issuer ${name || id} of ${caLabel(ca)}`;
}

function short(fingerprint: string): string {
  return `${fingerprint.slice(0, 12)}...`;
}

function utc(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
