import 'reflect-metadata'; // as in pki.ts
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { X509CrlGenerator } from '@peculiar/x509';
import type { TestCa, TestCertificate } from './pki.js';

const DAY = 86_400_000;
export const SIGNING = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface RevocationOptions {
  readonly revoked?: readonly TestCertificate[];
  /** Milliseconds since the epoch; a day ago by default. */
  readonly thisUpdate?: number;
  /** Milliseconds since the epoch; in a day by default. */
  readonly nextUpdate?: number;
}

/** A CRL of `ca`, whose key is EC-P256. */
export async function revocationList(ca: TestCa, options: RevocationOptions = {}): Promise<string> {
  const list = await X509CrlGenerator.create({
    issuer: subjectOf(ca),
    thisUpdate: new Date(options.thisUpdate ?? Date.now() - DAY),
    nextUpdate: new Date(options.nextUpdate ?? Date.now() + DAY),
    entries: (options.revoked ?? []).map(({ certificatePem }) => ({
      serialNumber: new X509Certificate(certificatePem).serialNumber,
      revocationDate: new Date(Date.now() - 2 * DAY),
    })),
    signingAlgorithm: SIGNING,
    signingKey: await signingKeyOf(ca),
  });
  // OpenSSL reads no other label.
  return `${list.toString('pem').replaceAll(/(BEGIN|END) \S*CRL/g, '$1 X509 CRL')}\n`;
}

/** Only for subjects of one RDN. */
export function subjectOf(ca: TestCa): string {
  return new X509Certificate(ca.certificatePem).subject;
}

export function signingKeyOf(ca: TestCa): Promise<webcrypto.CryptoKey> {
  const key = createPrivateKey(ca.privateKeyPem).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', key, SIGNING, false, ['sign']);
}
