import { createPrivateKey, generateKeyPairSync, webcrypto, X509Certificate } from 'node:crypto';
import { PublicKey, X509CertificateGenerator, X509CrlGenerator } from '@peculiar/x509';
import type { TestCa, TestCertificate } from '../kit/pki.js';

const DAY = 86_400_000;
const SIGNING = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A CRL of `ca` (its key is EC-P256) that names `client`. */
export async function revocationList(ca: TestCa, client: TestCertificate): Promise<string> {
  const { serialNumber } = new X509Certificate(client.certificatePem);
  const list = await X509CrlGenerator.create({
    issuer: subjectOf(ca),
    thisUpdate: new Date(Date.now() - DAY),
    nextUpdate: new Date(Date.now() + DAY),
    entries: [{ serialNumber, revocationDate: new Date(Date.now() - DAY) }],
    signingAlgorithm: SIGNING,
    signingKey: await signingKeyOf(ca),
  });
  return `${list.toString('pem')}\n`;
}

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

/** Only for subjects of one RDN. */
function subjectOf(ca: TestCa): string {
  return new X509Certificate(ca.certificatePem).subject;
}

function signingKeyOf(ca: TestCa): Promise<webcrypto.CryptoKey> {
  const key = createPrivateKey(ca.privateKeyPem).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', key, SIGNING, false, ['sign']);
}
