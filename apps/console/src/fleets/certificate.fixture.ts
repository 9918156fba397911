import 'reflect-metadata';
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A certificate that signed itself, as PEM. */
export async function certificatePem(
  name: string,
  { ca, notAfter }: { readonly ca: boolean; readonly notAfter: string },
): Promise<string> {
  const keys = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...{ name, keys, signingAlgorithm: CURVE, serialNumber: '01' },
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date(notAfter),
    extensions: [new BasicConstraintsExtension(ca)],
  });
  return certificate.toString('pem');
}
