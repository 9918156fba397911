import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';

/** TLS 1.2 in the record and the hello (RFC 5246 A.1); without supported_versions no server picks 1.3. */
const TLS_1_2 = 0x0303;

/**
 * Suites by which any TLS 1.2 server of the last ten years can be asked: ECDHE and RSA, with GCM, ChaCha20 and
 * CBC, then the renegotiation signal (RFC 5746 3.3). We never finish the handshake, so none protects anything.
 */
const SUITES = [
  0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc023, 0xc027, 0xc024, 0xc028, 0xc009, 0xc013, 0xc00a,
  0xc014, 0x009e, 0x009f, 0xccaa, 0x009c, 0x009d, 0x003c, 0x003d, 0x002f, 0x0035, 0x00ff,
];

/** x25519, secp256r1, secp384r1, secp521r1 (RFC 8422 5.1.1) */
const GROUPS = [0x001d, 0x0017, 0x0018, 0x0019];

/** ECDSA, RSA-PSS, RSA PKCS#1 with SHA-2, Ed25519, Ed448, and SHA-1 last (RFC 8446 4.2.3) */
const SIGNATURES = [
  0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601, 0x0807,
  0x0808, 0x0203, 0x0201,
];

const EXTENSION = { serverName: 0, supportedGroups: 10, pointFormats: 11, signatureAlgorithms: 13 } as const;

/** A TLS 1.2 ClientHello in one record, ready to send. `serverName` null leaves SNI out. */
export function clientHello(serverName: string | null): Buffer {
  const body = Buffer.concat([
    uint16(TLS_1_2),
    randomBytes(32),
    vector8(Buffer.alloc(0)), // no session: a resumed handshake would have no CertificateRequest
    vector16(uint16s(SUITES)),
    vector8(Buffer.from([0])), // no compression
    vector16(extensions(serverName)),
  ]);
  const handshake = Buffer.concat([Buffer.from([1, 0]), uint16(body.length), body]);
  // The record says 1.0, as RFC 5246 E.1 wants it for a first hello.
  return Buffer.concat([Buffer.from([22, 3, 1]), uint16(handshake.length), handshake]);
}

function extensions(serverName: string | null): Buffer {
  return Buffer.concat([
    ...(serverName === null || isIP(serverName) !== 0 ? [] : [serverNameExtension(serverName)]),
    extension(EXTENSION.supportedGroups, vector16(uint16s(GROUPS))),
    extension(EXTENSION.pointFormats, vector8(Buffer.from([0]))),
    extension(EXTENSION.signatureAlgorithms, vector16(uint16s(SIGNATURES))),
  ]);
}

/** RFC 6066 3: a list with one entry of type host_name. */
function serverNameExtension(serverName: string): Buffer {
  const entry = Buffer.concat([Buffer.from([0]), vector16(Buffer.from(serverName, 'ascii'))]);
  return extension(EXTENSION.serverName, vector16(entry));
}

function extension(type: number, data: Buffer): Buffer {
  return Buffer.concat([uint16(type), vector16(data)]);
}

function vector8(data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([data.length]), data]);
}

function vector16(data: Buffer): Buffer {
  return Buffer.concat([uint16(data.length), data]);
}

function uint16s(values: readonly number[]): Buffer {
  return Buffer.concat(values.map(uint16));
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}
