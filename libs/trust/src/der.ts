/** Where a DER value starts and ends within its bytes (ITU-T X.690 8.1.3). */
interface DerSpan {
  readonly start: number;
  readonly end: number;
}

const CONTEXT_0 = 0xa0;

/** The content of the element at `offset`. Throws RangeError when the bytes end too early. */
function contentOf(der: Uint8Array, offset: number): DerSpan {
  const first = byteAt(der, offset + 1);
  if (first < 0x80) return { start: offset + 2, end: offset + 2 + first };
  const count = first & 0x7f;
  let length = 0;
  for (let i = 0; i < count; i += 1) length = length * 256 + byteAt(der, offset + 2 + i);
  const start = offset + 2 + count;
  return { start, end: start + length };
}

function byteAt(der: Uint8Array, offset: number): number {
  const byte = der[offset];
  if (byte === undefined) throw new RangeError('DER ends too early');
  return byte;
}

/** The first DER element alone: OpenSSL ignores what follows it in a PEM block, and so must the fingerprint. */
export function firstElement(der: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { end } = contentOf(der, 0);
  if (end > der.length) throw new RangeError('DER ends too early');
  return der.subarray(0, end);
}

/** The `version` field of a certificate (RFC 5280 4.1.2.1): 1 when it is left out. */
export function certificateVersion(der: Uint8Array): number {
  const tbs = contentOf(der, contentOf(der, 0).start);
  if (byteAt(der, tbs.start) !== CONTEXT_0) return 1;
  const integer = contentOf(der, contentOf(der, tbs.start).start);
  return byteAt(der, integer.end - 1) + 1;
}

/** What the signature of a certificate or a CRL is over: the first element within it (RFC 5280 4.1.1, 5.1.1). */
export function signedPart(der: Uint8Array): Uint8Array {
  const { start } = contentOf(der, 0);
  return der.subarray(start, contentOf(der, start).end);
}

const TIMES = [0x17, 0x18];
const SEQUENCE = 0x30;

/** Serial numbers that a CRL revokes, lower-case hex of their bytes, in its order (RFC 5280 5.1.2.6). */
export function revokedSerials(der: Uint8Array): string[] {
  const list = contentOf(der, contentOf(der, 0).start);
  let [at, behindTimes] = [list.start, false];
  for (; at < list.end; at = contentOf(der, at).end) {
    if (TIMES.includes(byteAt(der, at))) behindTimes = true;
    else if (behindTimes) break;
  }
  if (at >= list.end || byteAt(der, at) !== SEQUENCE) return [];
  const revoked = contentOf(der, at);
  const serials: string[] = [];
  for (let entry = revoked.start; entry < revoked.end; entry = contentOf(der, entry).end) {
    const serial = contentOf(der, contentOf(der, entry).start);
    serials.push(Buffer.from(der.subarray(serial.start, serial.end)).toString('hex'));
  }
  return serials;
}
