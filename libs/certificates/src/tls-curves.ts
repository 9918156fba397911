import { X509Certificate } from 'node:crypto';

/** The curves on which a client can sign a TLS handshake (RFC 8446 4.2.3, and OpenSSL's default groups for 1.2). */
const TLS_CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];

/**
 * The curve of the leaf's key when no client can use it in TLS, else null. `openssl verify` does not look at it:
 * the chain is good and nginx never sees it, because the handshake ends before (`wrong curve`).
 */
export function unusableCurve(leafPem: string): string | null {
  const curve = new X509Certificate(leafPem).publicKey.asymmetricKeyDetails?.namedCurve;
  return curve === undefined || TLS_CURVES.includes(curve) ? null : curve;
}
