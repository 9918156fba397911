// tsyringe, inside @peculiar/x509, refuses to load without this; hence tests take what they need of it from here.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

export { KeyUsageFlags };

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;

export interface MintedCa {
  readonly pem: string;
  readonly name: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

export interface MintedFacts {
  readonly name?: string;
  /** Signed by it, with its name as issuer; by itself when left out. */
  readonly by?: MintedCa;
  readonly issuerName?: string;
  /** Another certificate for the same key. */
  readonly keys?: webcrypto.CryptoKeyPair;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly ca?: boolean;
  readonly keyId?: boolean;
  readonly usages?: KeyUsageFlags;
  readonly extendedUsage?: string;
}

/** A certificate made for one test; without facts a root CA as Vault makes them. `now` in milliseconds since the epoch. */
export async function mint(now: number, facts: MintedFacts = {}): Promise<MintedCa> {
  const { name = 'CN=new client CA', by, ca = true, keyId = true } = facts;
  const keys = facts.keys ?? (await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']));
  const extensions: Extension[] = [
    new BasicConstraintsExtension(ca, undefined, true),
    new KeyUsagesExtension(facts.usages ?? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ];
  if (keyId) extensions.push(await SubjectKeyIdentifierExtension.create(keys.publicKey));
  if (facts.extendedUsage) extensions.push(new ExtendedKeyUsageExtension([facts.extendedUsage]));
  const certificate = await X509CertificateGenerator.create({
    subject: name,
    issuer: facts.issuerName ?? by?.name ?? name,
    notBefore: new Date(facts.notBefore ?? now - DAY),
    notAfter: new Date(facts.notAfter ?? now + 365 * DAY),
    publicKey: keys.publicKey,
    signingKey: (by?.keys ?? keys).privateKey,
    signingAlgorithm: EC,
    extensions,
  });
  return { pem: `${certificate.toString('pem')}\n`, name, keys };
}
