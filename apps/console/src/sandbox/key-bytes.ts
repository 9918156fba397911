/** Object identifiers of what a private key is encrypted with begin so: 1.2.840.113549.1.5 (PKCS #5). */
const PKCS5 = '2a864886f70d0105';
const PKCS12_ENCRYPTION = '2a864886f70d010c01';
const OPENSSH = 'openssh-key-v1';
/** Bytes of the beginning that tell what it is. */
const HEAD = 64;

/**
 * What a run of base64 holds: a private key by itself (DER of PKCS #1, PKCS #8, SEC 1 and PKCS #12, encrypted or not,
 * or OpenSSH's own form), or PEM with one in it. Null for anything else, such as a certificate.
 */
export function startsPrivateKey(run: string): 'der' | 'pem' | null {
  const bytes = decoded(run);
  if (bytes.includes('PRIVATE KEY')) return 'pem';
  return bytes.startsWith(OPENSSH) || isKeyInDer(bytes) ? 'der' : null;
}

const [INTEGER, OCTET_STRING, OBJECT_IDENTIFIER, SEQUENCE] = [0x02, 0x04, 0x06, 0x30];
const KEY_VERSIONS = [0, 1, 3];

/** SEQUENCE { INTEGER 0, 1 or 3 ... } is a key; SEQUENCE { SEQUENCE { OID of PKCS #5 ... } } an encrypted one. */
function isKeyInDer(bytes: string): boolean {
  const inside = insideOfSequence(bytes);
  if (inside === null) return false;
  const [tag, length, version = -1, next = -1] = codes(inside);
  if (tag === INTEGER && length === 1 && KEY_VERSIONS.includes(version)) {
    return [INTEGER, OCTET_STRING, SEQUENCE].includes(next);
  }
  const algorithm = insideOfSequence(inside);
  if (algorithm === null || codes(algorithm)[0] !== OBJECT_IDENTIFIER) return false;
  const hex = codes(algorithm)
    .slice(2)
    .map((one) => one.toString(16).padStart(2, '0'))
    .join('');
  return hex.startsWith(PKCS5) || hex.startsWith(PKCS12_ENCRYPTION);
}

/** The first of them. */
function codes(bytes: string): readonly number[] {
  return Array.from(bytes.slice(0, 16), (one) => one.charCodeAt(0));
}

function insideOfSequence(bytes: string): string | null {
  if (bytes.charCodeAt(0) !== SEQUENCE) return null;
  const length = bytes.charCodeAt(1);
  const extra = length < 0x80 ? 0 : length - 0x80;
  return extra > 4 ? null : bytes.slice(2 + extra, 2 + extra + HEAD);
}

/** Bytes as characters, as far as it is base64. */
function decoded(run: string): string {
  const text = run.replace(/\\[rn]|\s/g, '').replace(/=.*$/s, '');
  return atob(text.slice(0, text.length - (text.length % 4)));
}
