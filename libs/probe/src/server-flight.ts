const RECORD_HEADER = 5;
const HANDSHAKE_HEADER = 4;
const CONTENT = { alert: 21, handshake: 22 } as const;
const MESSAGE = { certificateRequest: 13, serverHelloDone: 14 } as const;
const FATAL = 2;
/** Largest plaintext record (RFC 5246 6.2.1). */
const MAX_RECORD = 16_384;
/** Bound of what is kept of one flight, in bytes: a list of a thousand CA names takes a tenth of it. */
const MAX_FLIGHT = 2 * 1024 * 1024;

/** What a server's first flight shows so far. */
export type FlightReading =
  | { readonly state: 'more' }
  /** DER of each name, in the server's order. */
  | { readonly state: 'names'; readonly names: readonly Uint8Array<ArrayBuffer>[] }
  /** It asked for no certificate, refused TLS 1.2, or speaks something else. */
  | { readonly state: 'none' };

const MORE: FlightReading = { state: 'more' };
const NONE: FlightReading = { state: 'none' };

/**
 * Reads the server's first flight of a TLS 1.2 handshake, which is in clear, up to CertificateRequest or
 * ServerHelloDone. A handshake message may span records, and a record may hold several (RFC 5246 6.2.1).
 */
export class ServerFlight {
  #received = Buffer.alloc(0);
  #handshake = Buffer.alloc(0);

  add(chunk: Buffer): FlightReading {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (let record = this.#nextRecord(); record !== null; record = this.#nextRecord()) {
      if (record.type === CONTENT.alert && record.data[0] === FATAL) return NONE;
      if (record.type !== CONTENT.handshake && record.type !== CONTENT.alert) return NONE;
      if (record.type === CONTENT.handshake) this.#handshake = Buffer.concat([this.#handshake, record.data]);
      const reading = this.#messages();
      if (reading.state !== 'more') return reading;
    }
    return this.#isHopeless() ? NONE : MORE;
  }

  #isHopeless(): boolean {
    const tooLong = this.#received.length >= RECORD_HEADER && this.#received.readUInt16BE(3) > MAX_RECORD;
    return tooLong || this.#handshake.length > MAX_FLIGHT;
  }

  #nextRecord(): { type: number; data: Buffer } | null {
    if (this.#received.length < RECORD_HEADER) return null;
    const end = RECORD_HEADER + this.#received.readUInt16BE(3);
    if (this.#received.length < end) return null;
    const record = { type: this.#received.readUInt8(0), data: this.#received.subarray(RECORD_HEADER, end) };
    this.#received = this.#received.subarray(end);
    return record;
  }

  #messages(): FlightReading {
    while (this.#handshake.length >= HANDSHAKE_HEADER) {
      const end = HANDSHAKE_HEADER + this.#handshake.readUIntBE(1, 3);
      if (this.#handshake.length < end) return MORE;
      const type = this.#handshake.readUInt8(0);
      const body = this.#handshake.subarray(HANDSHAKE_HEADER, end);
      this.#handshake = this.#handshake.subarray(end);
      if (type === MESSAGE.certificateRequest) return { state: 'names', names: namesIn(body) };
      if (type === MESSAGE.serverHelloDone) return NONE;
    }
    return MORE;
  }
}

/** RFC 5246 7.4.4: certificate_types<1..>, supported_signature_algorithms<2..>, certificate_authorities<0..>. */
function namesIn(body: Buffer): Uint8Array<ArrayBuffer>[] {
  const algorithms = 1 + body.readUInt8(0);
  const authorities = algorithms + 2 + body.readUInt16BE(algorithms);
  const end = authorities + 2 + body.readUInt16BE(authorities);
  const names: Uint8Array<ArrayBuffer>[] = [];
  for (let at = authorities + 2; at < end; ) {
    const start = at + 2;
    at = start + body.readUInt16BE(at);
    if (at > body.length) throw new RangeError('a CA name is longer than its message');
    names.push(new Uint8Array(body.subarray(start, at)));
  }
  return names;
}
