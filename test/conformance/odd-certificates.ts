import { generateKeyPairSync } from 'node:crypto';
import { PublicKey, X509CertificateGenerator } from '@peculiar/x509';
import { SIGNING, signingKeyOf, subjectOf } from '../kit/crl.js';
import type { TestCa, TestCertificate } from '../kit/pki.js';

const DAY = 86_400_000;

/** A client of `ca` (its key is EC-P256) whose own key lies on a curve that WebCrypto may not know. */
export async function clientOnCurve(ca: TestCa, curve: string): Promise<TestCertificate> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=on ${curve}`,
    issuer: subjectOf(ca),
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + DAY),
    publicKey: new PublicKey(publicKey.export({ type: 'spki', format: 'der' })),
    signingAlgorithm: SIGNING,
    signingKey: await signingKeyOf(ca),
  });
  return {
    certificatePem: `${certificate.toString('pem')}\n`,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
