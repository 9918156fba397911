import type { Position } from './finding.js';

/** What OpenSSL's PEM reader makes of a stretch of text. */
export type PemBlock = Position & { readonly label: string } & (
    | { readonly state: 'read'; readonly der: Uint8Array<ArrayBuffer> }
    /** OpenSSL stops with an error here, and nginx refuses the whole file. */
    | { readonly state: 'broken'; readonly reason: string }
    /** OpenSSL reads over it without a word. */
    | { readonly state: 'overlooked'; readonly reason: string }
  );

/** Largest file in bytes that is read; the public web's whole set of roots takes a twentieth of it. */
export const MAX_PEM_BYTES = 5 * 1024 * 1024;
/** Most PEM blocks that are read, 0.9 ms for each certificate; the public web's whole set of roots has 150. */
export const MAX_PEM_BLOCKS = 1000;

const BEGIN = /^-----BEGIN (.*)-----$/;
const END = /^-----END (.*)-----$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** UTF-8 byte order mark, byte by byte. */
const BYTE_ORDER_MARK = /^\xEF\xBB\xBF/;
/** OpenSSL reads a longer line in pieces of this many bytes, line break included, each as a line of its own. */
const PIECE = 254;

interface OpenBlock extends Position {
  readonly label: string;
  readonly body: string[];
}

/** Splits text into PEM blocks by OpenSSL 3.0's rules (measured on nginx 1.22.1); in the order of the text. */
export function pemBlocks(text: string): PemBlock[] {
  const reader = new PemReader();
  // One character for each byte: what OpenSSL counts and compares.
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  bytes.split(/(?<=\n)/).forEach((line, number) => {
    for (const piece of pieces(line)) reader.line(piece, number + 1);
  });
  return reader.end();
}

function pieces(line: string): string[] {
  if (line.length <= PIECE) return [line];
  const count = Math.max(1, Math.ceil(line.length / PIECE));
  return Array.from({ length: count }, (_, at) => line.slice(at * PIECE, (at + 1) * PIECE));
}

class PemReader {
  readonly #blocks: PemBlock[] = [];
  #open: OpenBlock | null = null;
  /** OpenSSL takes a byte order mark off the first line it reads after the start or after a block. */
  #markAllowed = true;

  line(raw: string, number: number): void {
    const line = withoutEnd(this.#markAllowed ? raw.replace(BYTE_ORDER_MARK, '') : raw);
    this.#markAllowed = false;
    if (this.#open === null) this.#outside(line, number);
    else this.#inside(this.#open, line, number);
  }

  end(): PemBlock[] {
    if (this.#open !== null) this.#break(this.#open, 'has no END line');
    return this.#blocks;
  }

  #outside(line: string, number: number): void {
    const label = BEGIN.exec(line)?.[1];
    if (label !== undefined) {
      this.#open = { index: this.#blocks.length + 1, line: number, label, body: [] };
    } else if (line.includes('-----BEGIN ')) {
      const reason = 'does not begin at the start of a line of its own';
      this.#blocks.push({ ...this.#next(number), label: labelWithin(line), state: 'overlooked', reason });
    }
  }

  #inside(open: OpenBlock, line: string, number: number): void {
    const label = END.exec(line)?.[1];
    if (label === open.label) {
      this.#blocks.push(closed(open));
      this.#open = null;
      this.#markAllowed = true;
    } else if (line.includes('-----')) {
      const glued = line.startsWith('-----END ') && line.includes('-----BEGIN ');
      this.#break(
        open,
        glued ? 'is glued to the next block: a line break is missing' : 'has no END line of its own',
      );
      this.#resume(line, number);
    } else {
      open.body.push(line);
    }
  }

  /** Reads on behind a broken block, so that what follows is reported as well. */
  #resume(line: string, number: number): void {
    const begin = line.indexOf('-----BEGIN ');
    if (begin >= 0) this.#outside(line.slice(begin), number);
  }

  #break(open: OpenBlock, reason: string): void {
    this.#blocks.push({ index: open.index, line: open.line, label: open.label, state: 'broken', reason });
    this.#open = null;
  }

  #next(line: number): Position {
    return { index: this.#blocks.length + 1, line };
  }
}

function labelWithin(line: string): string {
  return /-----BEGIN ([A-Z0-9 ]*)/.exec(line)?.[1]?.trim() ?? '';
}

/** `trimEnd` would take spaces off that OpenSSL does not know. A piece of a longer line has no end of its own. */
function withoutEnd(line: string): string {
  return line.length === PIECE ? line : line.replace(/[ \t\r\n\v\f]+$/, '');
}

function closed(open: OpenBlock): PemBlock {
  const at = { index: open.index, line: open.line, label: open.label };
  // An empty line first ends a header that is not there; spaces within the base64 do not count.
  const body = open.body[0] === '' ? open.body.slice(1) : open.body;
  const base64 = body.map((line) => line.replace(/[ \t\r]/g, ''));
  if (base64.length === 0) return { ...at, state: 'broken', reason: 'is empty' };
  if (base64.includes('')) return { ...at, state: 'broken', reason: 'has an empty line in it' };
  const joined = base64.join('');
  if (!BASE64.test(joined) || joined.length % 4 !== 0) {
    return { ...at, state: 'broken', reason: 'is not clean base64' };
  }
  return { ...at, state: 'read', der: new Uint8Array(Buffer.from(joined, 'base64')) };
}
