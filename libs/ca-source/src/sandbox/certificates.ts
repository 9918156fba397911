import 'reflect-metadata';
import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
} from '@peculiar/x509';

/** Vault backdates certificates by this much, for clients whose clock is behind. */
const BACKDATED_MILLISECONDS = 30_000;
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' };

/** A CA whose key stays in this process. */
export interface Authority {
  readonly certificate: X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

export interface SandboxLeaf {
  readonly certificate: X509Certificate;
  /** PEM, as Vault gives it for EC keys (SEC 1). */
  readonly privateKeyPem: string;
}

export async function createAuthority(commonName: string, ttlSeconds: number): Promise<Authority> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...common(ttlSeconds),
    name: nameOf(commonName),
    keys,
    extensions: await authorityExtensions(keys.publicKey, keys.publicKey, undefined),
  });
  return { certificate, keys };
}

/** PEM of a request (RFC 2986) for a CA with these keys. */
export async function requestSignature(keys: webcrypto.CryptoKeyPair, commonName: string): Promise<string> {
  const signing = { name: nameOf(commonName), keys, signingAlgorithm: SIGNATURE };
  return (await Pkcs10CertificateRequestGenerator.create(signing)).toString('pem');
}

/** `pathLength` counts the CAs that may be below; undefined: any number. Throws for what is no request. */
export async function signAuthority(
  signer: Authority,
  requestPem: string,
  ttlSeconds: number,
  pathLength: number | undefined,
): Promise<X509Certificate> {
  const request = new Pkcs10CertificateRequest(requestPem);
  const publicKey = await request.publicKey.export();
  return X509CertificateGenerator.create({
    ...common(ttlSeconds),
    subject: request.subjectName,
    issuer: signer.certificate.subjectName,
    publicKey,
    signingKey: signer.keys.privateKey,
    extensions: await authorityExtensions(publicKey, signer.keys.publicKey, pathLength),
  });
}

async function authorityExtensions(
  subject: webcrypto.CryptoKey,
  issuer: webcrypto.CryptoKey,
  pathLength: number | undefined,
): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(true, pathLength, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ...(await keyIdentifiers(subject, issuer)),
  ];
}

export async function issueLeaf(
  authority: Authority,
  commonName: string,
  ttlSeconds: number,
  purposes: { readonly client: boolean; readonly server: boolean },
): Promise<SandboxLeaf> {
  const keys = await newKeys();
  const extendedUsages = [
    ...(purposes.server ? [ExtendedKeyUsage.serverAuth] : []),
    ...(purposes.client ? [ExtendedKeyUsage.clientAuth] : []),
  ];
  const certificate = await X509CertificateGenerator.create({
    ...common(ttlSeconds),
    subject: nameOf(commonName),
    issuer: authority.certificate.subjectName,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    extensions: [
      new KeyUsagesExtension(
        KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment | KeyUsageFlags.keyAgreement,
        true,
      ),
      ...(extendedUsages.length === 0 ? [] : [new ExtendedKeyUsageExtension(extendedUsages)]),
      ...(await keyIdentifiers(keys.publicKey, authority.keys.publicKey)),
    ],
  });
  const privateKeyPem = KeyObject.from(keys.privateKey).export({ type: 'sec1', format: 'pem' }).toString();
  return { certificate, privateKeyPem };
}

/** Vault's default for `expiry` in `config/crl`. */
const CRL_LIFE_MILLISECONDS = 72 * 3_600_000;

/** PEM of a CRL that revokes these serial numbers, as Vault prints them. */
export async function signCrl(authority: Authority, serials: readonly string[]): Promise<string> {
  const now = Date.now();
  const list = await X509CrlGenerator.create({
    issuer: authority.certificate.subjectName,
    thisUpdate: new Date(now),
    nextUpdate: new Date(now + CRL_LIFE_MILLISECONDS),
    entries: serials.map((serial) => ({
      serialNumber: serial.replaceAll(':', ''),
      revocationDate: new Date(now),
    })),
    extensions: [await AuthorityKeyIdentifierExtension.create(authority.keys.publicKey)],
    signingAlgorithm: SIGNATURE,
    signingKey: authority.keys.privateKey,
  });
  // OpenSSL, and so nginx, reads no other label.
  return list.toString('pem').replaceAll(/(BEGIN|END) \S*CRL/g, '$1 X509 CRL');
}

/** Hexadecimal serial number with colons, as Vault prints it. */
export function printedSerial(certificate: X509Certificate): string {
  return certificate.serialNumber.replace(/..(?!$)/g, '$&:');
}

export function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
}

/** As a typed value: in plain text the library would take commas and quotation marks for syntax. */
function nameOf(commonName: string) {
  return new Name([{ CN: [{ utf8String: commonName }] }]);
}

function common(ttlSeconds: number) {
  const now = Date.now();
  return {
    serialNumber: newSerial(),
    notBefore: new Date(now - BACKDATED_MILLISECONDS),
    notAfter: new Date(now + ttlSeconds * 1000),
    signingAlgorithm: SIGNATURE,
  };
}

/** 20 random bytes, positive and without a leading zero (RFC 5280 4.1.2.2). */
function newSerial(): string {
  const bytes = randomBytes(20);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes.toString('hex');
}

async function keyIdentifiers(
  subject: webcrypto.CryptoKey,
  issuer: webcrypto.CryptoKey,
): Promise<Extension[]> {
  return [
    await SubjectKeyIdentifierExtension.create(subject),
    await AuthorityKeyIdentifierExtension.create(issuer),
  ];
}
