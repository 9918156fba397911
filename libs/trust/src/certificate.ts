import type { Position } from './finding.js';

/** A public key, as far as OpenSSL's security level looks at it. */
export interface KeyFacts {
  /** `RSA`, `EC`, `Ed25519`, `Ed448`, or the algorithm's OID when it is none of these. */
  readonly type: string;
  /** Size of the RSA modulus or of the curve's field in bits; null when unknown. */
  readonly bits: number | null;
}

/** What RFC 5280 fields of a certificate say. Names are RFC 4514 text, as nginx shows them in `$ssl_client_s_dn`. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** First CN of the subject, or null when it has none. */
  readonly commonName: string | null;
  /** Lower-case hex. */
  readonly serial: string;
  /** Lower-case hex SHA-256 of the DER. */
  readonly fingerprint: string;
  /** Milliseconds since the Unix epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** X.509 version: 1 or 3 in practice. */
  readonly version: number;
  /** RFC 5280 4.2.1.9, null when the extension is absent. `pathLength` counts intermediates below. */
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | null } | null;
  /** OpenSSL takes it for a trust anchor that may issue: CA:true, or a self-signed version 1 certificate. */
  readonly isCa: boolean;
  /** RFC 5280 4.2.1.3: true when keyUsage is absent (nothing is forbidden) or has keyCertSign. */
  readonly keyCertSign: boolean;
  /** Subject and authority key identifier, lower-case hex, null when absent. */
  readonly ski: string | null;
  readonly aki: string | null;
  readonly key: KeyFacts;
  /** Lower-case hex SHA-256 of the SubjectPublicKeyInfo (RFC 5280 4.1.2.7). */
  readonly keyDigest: string;
  /** Such as `RSA-SHA256`, `ECDSA-SHA384`, `Ed25519`, or an OID. */
  readonly signatureAlgorithm: string;
  /** Subject and issuer are the same name. The signature was not checked. */
  readonly selfSigned: boolean;
  /** OIDs of extendedKeyUsage; empty when the extension is absent, which means any use. */
  readonly extendedKeyUsages: readonly string[];
}

/** A certificate with its place in the bundle. */
export interface BundleCertificate extends CertificateFacts, Position {
  /** The certificate alone, as OpenSSL writes it: 64 columns, ends with a newline. */
  readonly pem: string;
}
