import type { BundleCertificate } from './certificate.js';
import { error, type Finding, utc } from './finding.js';

/** OpenSSL's security level 2, which nginx verifies with: 112 bits (facts: RSA-1024 and SHA-1 are refused). */
const MIN_RSA_BITS = 2048;
const MIN_EC_BITS = 224;
const WEAK_HASH = /-(SHA1|MD5|MD4|MD2)$/;
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

const COPY_THE_CA = 'put the certificate of the CA that issues your clients in its place';

/** How every message names a certificate. */
export function nameOf(certificate: BundleCertificate): string {
  return `certificate ${certificate.index} (line ${certificate.line}, ${certificate.subject})`;
}

/** What makes nginx refuse the clients of one anchor, looked at by itself. */
export function anchorFindings(anchor: BundleCertificate, now: number): Finding[] {
  if (!anchor.isCa) return [leaf(anchor)];
  return [...validityFindings(anchor, now), ...issuingFindings(anchor), ...strengthFindings(anchor)];
}

function leaf(certificate: BundleCertificate): Finding {
  const why = certificate.basicConstraints === null ? 'has no basicConstraints' : 'says CA:false';
  return error('anchor.leaf', `${nameOf(certificate)} is no CA: it ${why}`, COPY_THE_CA);
}

function validityFindings(anchor: BundleCertificate, now: number): Finding[] {
  if (anchor.notAfter < now) {
    const message = `${nameOf(anchor)} expired on ${utc(anchor.notAfter)}; nginx refuses its clients`;
    return [
      error('anchor.expired', message, 'take it out, or replace it by the renewed certificate of this CA'),
    ];
  }
  if (anchor.notBefore > now) {
    const message = `${nameOf(anchor)} is not valid before ${utc(anchor.notBefore)}; it is ${utc(now)} now`;
    return [
      error(
        'anchor.not-yet-valid',
        message,
        'wait until then, or check the clock of the machine that issued it',
      ),
    ];
  }
  return [];
}

function issuingFindings(anchor: BundleCertificate): Finding[] {
  const findings: Finding[] = [];
  if (!anchor.keyCertSign) {
    const message = `${nameOf(anchor)} has a keyUsage without keyCertSign; nginx refuses its clients`;
    findings.push(
      error('anchor.no-key-cert-sign', message, 'have the CA certificate re-issued with keyCertSign'),
    );
  }
  if (anchor.extendedKeyUsages.length > 0 && !anchor.extendedKeyUsages.includes(CLIENT_AUTH)) {
    const message = `${nameOf(anchor)} has an extendedKeyUsage without clientAuth; nginx refuses its clients`;
    findings.push(
      error('anchor.no-client-auth', message, 'use a CA that may issue for client authentication'),
    );
  }
  return findings;
}

function strengthFindings(anchor: BundleCertificate): Finding[] {
  const findings: Finding[] = [];
  const { type, bits } = anchor.key;
  const minimum = { RSA: MIN_RSA_BITS, EC: MIN_EC_BITS }[type] ?? 0;
  if (bits !== null && bits < minimum) {
    const message = `${nameOf(anchor)} has a ${type} key of ${bits} bits; OpenSSL wants ${minimum} at least`;
    findings.push(error('anchor.weak-key', message, 'replace this CA by one with a stronger key'));
  }
  // OpenSSL does not check the signature of a root on itself.
  if (!anchor.selfSigned && WEAK_HASH.test(anchor.signatureAlgorithm)) {
    const message = `${nameOf(anchor)} is signed with ${anchor.signatureAlgorithm}, which OpenSSL no longer accepts`;
    findings.push(error('anchor.weak-signature', message, 'have it re-issued with SHA-256 or better'));
  }
  return findings;
}
