import 'reflect-metadata'; // tsyringe, inside @peculiar/x509, refuses to load without it
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { CertificateMint, type IssuedLeaf, PortError, type ProbeIdentity, Secret } from '#engine';

const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;
const RSA = {
  ...{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048 },
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;

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
    const ca = await generateKeys(false);
    return clientOf(await signerOf(ca), {
      issuer: [{ CN: [`windlass stranger CA ${suffix}`] }],
      subject: `windlass stranger ${suffix}`,
      validity: STRANGER_VALIDITY,
    });
  }

  async impostor(caPem: string): Promise<ProbeIdentity> {
    const genuine = read(caPem);
    // OpenSSL passes by an issuer whose key could not have made the signature: the signature itself has to be wrong.
    const isRsa = genuine.publicKey.algorithm.name.startsWith('RSA');
    const claimed = genuine.getExtension(x509.SubjectKeyIdentifierExtension);
    const signer = {
      key: (await generateKeys(false, isRsa ? RSA : EC)).privateKey,
      algorithm: isRsa ? RSA : SIGNING,
      authority: claimed ? new x509.AuthorityKeyIdentifierExtension(claimed.keyId) : null,
    };
    return clientOf(signer, {
      issuer: genuine.subjectName,
      subject: `windlass impostor ${randomBytes(4).toString('hex')}`,
      validity: STRANGER_VALIDITY,
    });
  }

  async canary(commonName: string, notAfter: number): Promise<IssuedLeaf> {
    const ca = await generateKeys(false);
    const validity = { notBefore: STRANGER_VALIDITY.notBefore, notAfter: new Date(notAfter) };
    const name = [{ CN: [commonName] }];
    const issuer = await x509.X509CertificateGenerator.createSelfSigned({
      name,
      keys: ca,
      serialNumber: serialNumber(),
      signingAlgorithm: SIGNING,
      ...validity,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(ca.publicKey),
      ],
    });
    const subject = `${commonName} client`;
    const leaf = await clientOf(await signerOf(ca), { issuer: name, subject, validity });
    return { ...leaf, issuerPem: `${pem(issuer)}${await emptyCrl(issuer, ca.privateKey)}` };
  }
}

/** Hosts that check revocation let a client in only beside a CRL of its CA; nobody can make this CA another one. */
async function emptyCrl(issuer: x509.X509Certificate, signingKey: webcrypto.CryptoKey): Promise<string> {
  const { notBefore: thisUpdate, notAfter: nextUpdate } = STRANGER_VALIDITY;
  const list = await x509.X509CrlGenerator.create({
    ...{ issuer: issuer.subjectName, thisUpdate, nextUpdate },
    ...{ signingAlgorithm: SIGNING, signingKey },
  });
  // OpenSSL, and so nginx, reads no other label.
  return `${list
    .toString('pem')
    .replaceAll(/(BEGIN|END) \S*CRL/g, '$1 X509 CRL')
    .trim()}\n`;
}

/** What signs a client, and the identifier by which the client names it. */
interface Signer {
  readonly key: webcrypto.CryptoKey;
  readonly algorithm: typeof SIGNING | typeof RSA;
  readonly authority: x509.AuthorityKeyIdentifierExtension | null;
}

async function signerOf({ privateKey, publicKey }: webcrypto.CryptoKeyPair): Promise<Signer> {
  const authority = await x509.AuthorityKeyIdentifierExtension.create(publicKey);
  return { key: privateKey, algorithm: SIGNING, authority };
}

interface ClientNames {
  readonly issuer: x509.JsonName | x509.Name;
  readonly subject: string;
  readonly validity: { readonly notBefore: Date; readonly notAfter: Date };
}

/** A client in which nothing but its issuer may be wrong. */
async function clientOf(signer: Signer, { issuer, subject, validity }: ClientNames): Promise<ProbeIdentity> {
  const leaf = await generateKeys(true);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [subject] }],
    issuer,
    publicKey: leaf.publicKey,
    signingKey: signer.key,
    serialNumber: serialNumber(),
    signingAlgorithm: signer.algorithm,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      await x509.SubjectKeyIdentifierExtension.create(leaf.publicKey),
      ...(signer.authority ? [signer.authority] : []),
    ],
  });
  return { certificatePem: pem(certificate), chainPem: '', privateKey: await exportKey(leaf) };
}

function read(caPem: string): x509.X509Certificate {
  try {
    return new x509.X509Certificate(caPem);
  } catch {
    throw new PortError({
      code: 'ca.unreadable',
      message: 'The CA to make an impostor of is no certificate.',
      nextStep: 'Give one PEM block.',
    });
  }
}

async function generateKeys(
  extractable: boolean,
  kind: typeof EC | typeof RSA = EC,
): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(kind, extractable, ['sign', 'verify']);
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
