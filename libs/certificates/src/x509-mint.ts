import 'reflect-metadata'; // tsyringe, inside @peculiar/x509, refuses to load without it
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { CertificateMint, type IssuedLeaf, type ProbeIdentity, Secret } from '#engine';

const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** A marker must let nobody in: nginx accepts a pinned self-signed leaf while it is in date. */
const MARKER_VALIDITY = {
  notBefore: new Date('1999-12-31T00:00:00Z'),
  notAfter: new Date('2000-01-01T00:00:00Z'),
};

/** A stranger is refused for its CA and for nothing else, so it is in date whatever the clocks say. */
const STRANGER_VALIDITY = {
  notBefore: new Date('2020-01-01T00:00:00Z'),
  notAfter: new Date('2099-01-01T00:00:00Z'),
};

/** Makes certificates in memory with @peculiar/x509 over WebCrypto. */
export class X509Mint extends CertificateMint {
  async marker(commonName: string): Promise<string> {
    // Not extractable: the key cannot leave this call, and is gone when it returns.
    const keys = await generateKeys(false);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: [{ CN: [commonName] }],
      keys,
      serialNumber: serialNumber(),
      signingAlgorithm: SIGNING,
      ...MARKER_VALIDITY,
      extensions: [new x509.BasicConstraintsExtension(false, undefined, true)],
    });
    return pem(certificate);
  }

  async stranger(): Promise<ProbeIdentity> {
    const suffix = randomBytes(4).toString('hex');
    return clientOf(await generateKeys(false), {
      issuer: `windlass stranger CA ${suffix}`,
      subject: `windlass stranger ${suffix}`,
      validity: STRANGER_VALIDITY,
    });
  }

  async canary(commonName: string, notAfter: number): Promise<IssuedLeaf> {
    const ca = await generateKeys(false);
    const validity = { notBefore: STRANGER_VALIDITY.notBefore, notAfter: new Date(notAfter) };
    const issuer = await x509.X509CertificateGenerator.createSelfSigned({
      name: [{ CN: [commonName] }],
      keys: ca,
      serialNumber: serialNumber(),
      signingAlgorithm: SIGNING,
      ...validity,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
        await x509.SubjectKeyIdentifierExtension.create(ca.publicKey),
      ],
    });
    const leaf = await clientOf(ca, { issuer: commonName, subject: `${commonName} client`, validity });
    return { ...leaf, issuerPem: pem(issuer) };
  }
}

/** A client of a CA with that key and name. */
async function clientOf(
  ca: webcrypto.CryptoKeyPair,
  names: { issuer: string; subject: string; validity: { notBefore: Date; notAfter: Date } },
): Promise<ProbeIdentity> {
  const leaf = await generateKeys(true);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [names.subject] }],
    issuer: [{ CN: [names.issuer] }],
    publicKey: leaf.publicKey,
    signingKey: ca.privateKey,
    serialNumber: serialNumber(),
    signingAlgorithm: SIGNING,
    ...names.validity,
    extensions: await clientExtensions(leaf, ca),
  });
  return { certificatePem: pem(certificate), chainPem: '', privateKey: await exportKey(leaf) };
}

async function clientExtensions(
  leaf: webcrypto.CryptoKeyPair,
  ca: webcrypto.CryptoKeyPair,
): Promise<x509.Extension[]> {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
    await x509.SubjectKeyIdentifierExtension.create(leaf.publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(ca.publicKey),
  ];
}

async function generateKeys(extractable: boolean): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(EC, extractable, ['sign', 'verify']);
}

/** 16 random bytes, positive and without a leading zero (RFC 5280 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

async function exportKey(keys: webcrypto.CryptoKeyPair): Promise<Secret> {
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return new Secret(`${x509.PemConverter.encode(der, x509.PemConverter.PrivateKeyTag).trim()}\n`);
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`;
}
