import { createHash } from 'node:crypto';
import type { CertificateFacts, KeyFacts } from './certificate.js';
import { certificateVersion } from './der.js';
import { nameText } from './distinguished-name.js';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
} from './x509.js';

/** Signature algorithms that @peculiar/x509 gives as a bare OID, and that matter because they are weak. */
const OLD_SIGNATURES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'RSA-MD2',
  '1.2.840.113549.1.1.4': 'RSA-MD5',
  '1.2.840.10040.4.3': 'DSA-SHA1',
};

/** Certificates that are remembered: the anchors of a few hundred fleets, some kilobytes each. */
const REMEMBERED = 512;
const RECENT = new Map<string, CertificateFacts>();

/**
 * Reads one DER certificate. Throws when the bytes are no certificate. The same bytes always mean the same, and a
 * rotation meets its few certificates at every host again, so the last ones are kept.
 */
export function readCertificate(der: Uint8Array<ArrayBuffer>): CertificateFacts {
  const fingerprint = sha256(der);
  const facts = RECENT.get(fingerprint) ?? factsOf(der, fingerprint);
  RECENT.delete(fingerprint);
  RECENT.set(fingerprint, facts);
  for (const oldest of RECENT.keys()) {
    if (RECENT.size <= REMEMBERED) break;
    RECENT.delete(oldest);
  }
  return facts;
}

function factsOf(der: Uint8Array<ArrayBuffer>, fingerprint: string): CertificateFacts {
  const certificate = new X509Certificate(der);
  const subject = nameText(certificate.subjectName);
  const issuer = nameText(certificate.issuerName);
  return {
    subject,
    issuer,
    commonName: certificate.subjectName.getField('CN')[0] ?? null,
    serial: certificate.serialNumber.toLowerCase(),
    fingerprint,
    notBefore: certificate.notBefore.getTime(),
    notAfter: certificate.notAfter.getTime(),
    ...issuingFacts(certificate, certificateVersion(der), subject === issuer),
    ski: certificate.getExtension(SubjectKeyIdentifierExtension)?.keyId.toLowerCase() ?? null,
    aki: certificate.getExtension(AuthorityKeyIdentifierExtension)?.keyId?.toLowerCase() ?? null,
    key: keyFacts(certificate.publicKey.algorithm),
    keyDigest: sha256(new Uint8Array(certificate.publicKey.rawData)),
    signatureAlgorithm: signatureName(certificate.signatureAlgorithm),
    selfSigned: subject === issuer,
    // Array.from: the library's list is an array class of its own, and `map` would keep it.
    extendedKeyUsages: Array.from(certificate.getExtension(ExtendedKeyUsageExtension)?.usages ?? [], String),
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** OpenSSL's `X509_check_ca`, as far as it goes for an anchor: what nginx takes for a CA. */
function issuingFacts(
  certificate: X509Certificate,
  version: number,
  selfSigned: boolean,
): Pick<CertificateFacts, 'version' | 'basicConstraints' | 'isCa' | 'keyCertSign'> {
  const constraints = certificate.getExtension(BasicConstraintsExtension);
  const usages = certificate.getExtension(KeyUsagesExtension)?.usages ?? null;
  const maySign = usages !== null && (usages & KeyUsageFlags.keyCertSign) !== 0;
  const isCa = constraints === null ? selfSigned && (version === 1 || maySign) : constraints.ca;
  return {
    version,
    basicConstraints:
      constraints === null ? null : { ca: constraints.ca, pathLength: constraints.pathLength ?? null },
    isCa,
    keyCertSign: usages === null || maySign,
  };
}

/**
 * What @peculiar/x509 tells of an algorithm; which fields are there depends on the algorithm. (Its own types build
 * on the DOM's, which a server has not.)
 */
interface AlgorithmFacts {
  readonly name?: string;
  readonly modulusLength?: number;
  readonly namedCurve?: string;
  readonly hash?: { readonly name: string } | undefined;
}

function keyFacts(algorithm: AlgorithmFacts): KeyFacts {
  if (algorithm.modulusLength !== undefined) return { type: 'RSA', bits: algorithm.modulusLength };
  if (algorithm.namedCurve !== undefined) return { type: 'EC', bits: curveBits(algorithm.namedCurve) };
  return { type: algorithm.name ?? 'unknown', bits: null };
}

/** Every curve name of @peculiar/x509 says its size: `P-256`, `K-256`, `brainpoolP384r1`. */
function curveBits(curve: string): number | null {
  const size = /\d{3}/.exec(curve)?.[0];
  return size === undefined ? null : Number(size);
}

function signatureName({ name = 'unknown', hash }: AlgorithmFacts): string {
  const family = name === 'RSASSA-PKCS1-v1_5' ? 'RSA' : (OLD_SIGNATURES[name] ?? name);
  return hash === undefined ? family : `${family}-${hash.name.replace('SHA-', 'SHA')}`;
}
