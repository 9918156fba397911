import 'reflect-metadata'; // tsyringe, inside @peculiar/x509, refuses to load without it
import { AsyncLocalStorage } from 'node:async_hooks';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** Kinds of key that tests need: what is good today, and what OpenSSL refuses at security level 2. */
export type TestKey = 'EC-P256' | 'EC-P384' | 'RSA-1024' | 'RSA-2048' | 'Ed25519';

export interface TestCertificateOptions {
  /** Subject `CN=<commonName>`, unless {@link subject} is given. */
  readonly commonName: string;
  /** Whole subject in the order of the certificate, such as `C=DE, O=Acme, CN=x`. */
  readonly subject?: string;
  /** Milliseconds since the epoch; a day ago by default. */
  readonly notBefore?: number;
  /** Milliseconds since the epoch; in 90 days by default. */
  readonly notAfter?: number;
  readonly key?: TestKey;
  /** Hash of the signature on this certificate. */
  readonly hash?: 'SHA-1' | 'SHA-256' | 'SHA-384';
  /** Null leaves the extension out. */
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number } | null;
  /** Null leaves the extension out. */
  readonly keyUsage?: x509.KeyUsageFlags | null;
  /** OIDs; none leaves the extension out. */
  readonly extendedKeyUsages?: readonly string[];
  /** Names of a server (RFC 5280 4.2.1.6); none leaves the extension out. */
  readonly dnsNames?: readonly string[];
  /** DNS names below which this CA may, or may not, issue (RFC 5280 4.2.1.10). */
  readonly nameConstraints?: { readonly permitted?: string; readonly excluded?: string };
  /** False leaves SKI and AKI out. */
  readonly keyIdentifiers?: boolean;
}

export interface TestCertificate {
  readonly certificatePem: string;
  /** PKCS#8 */
  readonly privateKeyPem: string;
}

const DAY = 86_400_000;

const KEYS: Record<
  TestKey,
  webcrypto.RsaHashedKeyGenParams | webcrypto.EcKeyGenParams | webcrypto.Algorithm
> = {
  'EC-P256': { name: 'ECDSA', namedCurve: 'P-256' },
  'EC-P384': { name: 'ECDSA', namedCurve: 'P-384' },
  'RSA-1024': rsa(1024),
  'RSA-2048': rsa(2048),
  Ed25519: { name: 'Ed25519' },
};

/** A CA of a test: signs intermediates, clients, and other CAs. */
export class TestCa implements TestCertificate {
  private constructor(
    readonly certificatePem: string,
    readonly privateKeyPem: string,
    private readonly certificate: x509.X509Certificate,
    private readonly keys: webcrypto.CryptoKeyPair,
  ) {}

  static async root(options: TestCertificateOptions): Promise<TestCa> {
    const keys = await generateKeys(options.key ?? 'EC-P256');
    return TestCa.of(await sign(caDefaults(options), keys, null), keys);
  }

  async issueIntermediate(options: TestCertificateOptions): Promise<TestCa> {
    const keys = await generateKeys(options.key ?? 'EC-P256');
    return TestCa.of(await sign(caDefaults(options), keys, this.signer()), keys);
  }

  /** A certificate of ours for the name and key of `other`: the same CA under a second issuer. */
  async crossSign(other: TestCa, options: Partial<TestCertificateOptions> = {}): Promise<TestCa> {
    const commonName = other.certificate.subjectName.getField('CN')[0] ?? '';
    const subject = other.certificate.subject;
    return TestCa.of(
      await sign(caDefaults({ commonName, subject, ...options }), other.keys, this.signer()),
      other.keys,
    );
  }

  async issueClient(options: TestCertificateOptions): Promise<TestCertificate> {
    const keys = await generateKeys(options.key ?? 'EC-P256');
    const certificate = await sign(clientDefaults(options), keys, this.signer());
    return { certificatePem: pem(certificate), privateKeyPem: await exportKey(keys) };
  }

  private static async of(certificate: x509.X509Certificate, keys: webcrypto.CryptoKeyPair): Promise<TestCa> {
    const ca = new TestCa(pem(certificate), await exportKey(keys), certificate, keys);
    made.getStore()?.push(ca);
    return ca;
  }

  private signer(): Signer {
    return { certificate: this.certificate, privateKey: this.keys.privateKey };
  }
}

const made = new AsyncLocalStorage<TestCa[]>();

/** Every CA that the work makes on its way to what it returns. */
export async function withItsCas<T>(work: () => Promise<T>): Promise<{ result: T; cas: readonly TestCa[] }> {
  const cas: TestCa[] = [];
  return { result: await made.run(cas, work), cas };
}

export function makeCa(options: TestCertificateOptions): Promise<TestCa> {
  return TestCa.root(options);
}

interface Signer {
  readonly certificate: x509.X509Certificate;
  readonly privateKey: webcrypto.CryptoKey;
}

function rsa(modulusLength: number): webcrypto.RsaHashedKeyGenParams {
  return {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  };
}

function caDefaults(options: TestCertificateOptions): TestCertificateOptions {
  const { keyCertSign, cRLSign } = x509.KeyUsageFlags;
  return { basicConstraints: { ca: true }, keyUsage: keyCertSign | cRLSign, ...options };
}

function clientDefaults(options: TestCertificateOptions): TestCertificateOptions {
  return {
    basicConstraints: { ca: false },
    keyUsage: x509.KeyUsageFlags.digitalSignature,
    extendedKeyUsages: [x509.ExtendedKeyUsage.clientAuth],
    ...options,
  };
}

async function generateKeys(kind: TestKey): Promise<webcrypto.CryptoKeyPair> {
  const keys = await webcrypto.subtle.generateKey(KEYS[kind], true, ['sign', 'verify']);
  if (!('privateKey' in keys)) throw new Error(`${kind} gave no key pair`);
  return keys;
}

async function sign(
  options: TestCertificateOptions,
  keys: webcrypto.CryptoKeyPair,
  signer: Signer | null,
): Promise<x509.X509Certificate> {
  const signingKey = await withHash(signer?.privateKey ?? keys.privateKey, options.hash ?? 'SHA-256');
  const subject = options.subject ?? [{ CN: [options.commonName] }];
  return x509.X509CertificateGenerator.create({
    subject,
    issuer: signer?.certificate.subjectName ?? subject,
    notBefore: new Date(options.notBefore ?? Date.now() - DAY),
    notAfter: new Date(options.notAfter ?? Date.now() + 90 * DAY),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: { ...signingKey.algorithm, hash: options.hash ?? 'SHA-256' },
    extensions: await extensions(options, keys, signer),
  });
}

/** A WebCrypto RSA key is bound to one hash; a test may want another one for a single signature. */
async function withHash(key: webcrypto.CryptoKey, hash: string): Promise<webcrypto.CryptoKey> {
  if (key.algorithm.name !== 'RSASSA-PKCS1-v1_5') return key;
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key);
  return webcrypto.subtle.importKey('pkcs8', pkcs8, { name: key.algorithm.name, hash }, true, ['sign']);
}

async function extensions(
  options: TestCertificateOptions,
  keys: webcrypto.CryptoKeyPair,
  signer: Signer | null,
): Promise<x509.Extension[]> {
  const list: x509.Extension[] = [];
  const constraints = options.basicConstraints ?? null;
  if (constraints !== null) {
    list.push(new x509.BasicConstraintsExtension(constraints.ca, constraints.pathLength, true));
  }
  const keyUsage = options.keyUsage ?? null;
  if (keyUsage !== null) list.push(new x509.KeyUsagesExtension(keyUsage, true));
  const ekus = options.extendedKeyUsages ?? [];
  if (ekus.length > 0) list.push(new x509.ExtendedKeyUsageExtension([...ekus]));
  const names = options.dnsNames ?? [];
  if (names.length > 0) {
    list.push(new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value }))));
  }
  if (options.nameConstraints) list.push(nameConstraints(options.nameConstraints));
  if (options.keyIdentifiers !== false) {
    list.push(await x509.SubjectKeyIdentifierExtension.create(keys.publicKey));
    const issuerKey = signer?.certificate.publicKey ?? keys.publicKey;
    list.push(await x509.AuthorityKeyIdentifierExtension.create(issuerKey));
  }
  return list;
}

/** NameConstraints ::= SEQUENCE { permitted [0], excluded [1] } of GeneralSubtrees with one dNSName [2] each. */
function nameConstraints({
  permitted,
  excluded,
}: NonNullable<TestCertificateOptions['nameConstraints']>): x509.Extension {
  const subtrees = (tag: number, name: string | undefined) =>
    name === undefined ? Buffer.alloc(0) : der(tag, der(0x30, der(0x82, Buffer.from(name))));
  const value = der(0x30, Buffer.concat([subtrees(0xa0, permitted), subtrees(0xa1, excluded)]));
  return new x509.Extension('2.5.29.30', true, new Uint8Array(value));
}

/** Of values below 128 bytes. */
function der(tag: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, value.length]), value]);
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`;
}

async function exportKey(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return `${x509.PemConverter.encode(der, x509.PemConverter.PrivateKeyTag).trim()}\n`;
}
