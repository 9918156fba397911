import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import type { BundleCertificate } from './certificate.js';
import { firstElement, revokedSerials, signedPart } from './der.js';
import { comparableName, nameText } from './distinguished-name.js';
import type { Position } from './finding.js';
import { MAX_PEM_BLOCKS, MAX_PEM_BYTES, type PemBlock, pemBlocks } from './pem-blocks.js';
import { pemText } from './pem-text.js';
import { X509Crl } from './x509.js';

/** The only label under which OpenSSL reads a CRL. */
export const CRL_LABEL = 'X509 CRL';
/** deltaCRLIndicator, RFC 5280 5.2.4. */
const DELTA = '2.5.29.27';

/** One CRL (RFC 5280 5.1) with its place in a text. */
export interface RevocationList extends Position {
  /** As RFC 4514 text. */
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly thisUpdate: number;
  /** Null when it names none: OpenSSL takes it for current for ever. */
  readonly nextUpdate: number | null;
  /** Lower-case hex SHA-256 of the DER. */
  readonly fingerprint: string;
  /** The CRL alone, as OpenSSL writes it: 64 columns, ends with a newline. */
  readonly pem: string;
  readonly der: Uint8Array<ArrayBuffer>;
  /** It holds only what changed since another one, and nginx asks for a whole one. */
  readonly isDelta: boolean;
}

/** Null for a block that is no CRL. */
export function readCrl({ index, line }: Position, bytes: Uint8Array<ArrayBuffer>): RevocationList | null {
  try {
    const der = firstElement(bytes);
    const crl = new X509Crl(der);
    return {
      ...{ index, line, der, issuer: nameText(crl.issuerName) },
      thisUpdate: crl.thisUpdate.getTime(),
      nextUpdate: crl.nextUpdate?.getTime() ?? null,
      fingerprint: createHash('sha256').update(der).digest('hex'),
      pem: pemText(CRL_LABEL, der),
      isDelta: crl.getExtension(DELTA) !== null,
    };
  } catch {
    // The parser's own message may quote bytes of the input; the position says enough.
    return null;
  }
}

/** Every CRL that nginx would read from the text; whatever else is in it is passed over. Never throws. */
export function crlsIn(pem: string): readonly RevocationList[] {
  if (Buffer.byteLength(pem) > MAX_PEM_BYTES) return [];
  return pemBlocks(pem)
    .slice(0, MAX_PEM_BLOCKS)
    .flatMap((block: PemBlock) => {
      const isCrl = block.state === 'read' && block.label === CRL_LABEL;
      const list = isCrl ? readCrl(block, block.der) : null;
      return list === null ? [] : [list];
    });
}

/** Milliseconds since the epoch; infinite where no end is named. */
export function endOfCrl({ nextUpdate }: RevocationList): number {
  return nextUpdate ?? Number.POSITIVE_INFINITY;
}

/** The serial numbers that it revokes, each once, in one order whatever the CA's is. */
export function revokedBy({ der }: RevocationList): readonly string[] {
  return [...new Set(revokedSerials(der))].toSorted();
}

/** Whether the key of this CA made the list: a CA of the same name is not enough. */
export function isSignedBy(list: RevocationList, ca: BundleCertificate): boolean {
  if (comparableName(list.issuer) !== comparableName(ca.subject)) return false;
  try {
    const { signature, signatureAlgorithm } = new X509Crl(list.der);
    const { name, hash } = signatureAlgorithm as { name: string; hash?: { name: string } };
    const key = new X509Certificate(ca.pem).publicKey;
    const padding = name === 'RSA-PSS' ? { padding: constants.RSA_PKCS1_PSS_PADDING } : {};
    const digest = hash === undefined ? null : hash.name.replace('-', '');
    return verify(digest, signedPart(list.der), { key, ...padding }, new Uint8Array(signature));
  } catch {
    // An algorithm that OpenSSL does not take proves nothing.
    return false;
  }
}
