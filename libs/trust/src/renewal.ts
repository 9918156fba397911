import type { BundleCertificate } from './certificate.js';
import { comparableName } from './distinguished-name.js';

type Authority = Pick<BundleCertificate, 'subject' | 'keyDigest' | 'ski'>;

/**
 * Whether these are certificates of one CA, renewed and not re-keyed: a client that was issued under one is let in by
 * the other. OpenSSL finds an issuer by its name and its key identifier, then checks the signature by its key. (A
 * client whose authorityKeyIdentifier names the serial of its issuer, RFC 5280 4.2.1.1, is bound to one certificate.)
 */
export function isSameCa(one: Authority, other: Authority): boolean {
  return (
    one.keyDigest === other.keyDigest &&
    one.ski === other.ski &&
    comparableName(one.subject) === comparableName(other.subject)
  );
}

/** Whether one of the anchors is a certificate of this CA. */
export function holdsCa(anchors: readonly Authority[], ca: Authority): boolean {
  return anchors.some((anchor) => isSameCa(anchor, ca));
}
