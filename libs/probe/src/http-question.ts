import type { ProbeTarget } from '#engine';

/** Longest status line that is read, in bytes; nginx's own take some thirty. */
const MAX_STATUS_LINE = 8192;

/** One GET that ends the connection. Throws RangeError for a path or host that would break out of its line. */
export function requestText({ address, serverName, path, host }: ProbeTarget): string {
  if (!/^\/[\x21-\x7e]*$/.test(path)) throw new RangeError('a probe path starts with / and has no spaces');
  const name = host ?? serverName ?? (address.includes(':') ? `[${address}]` : address);
  if (!/^[\x21-\x7e]+$/.test(name)) throw new RangeError('a probe asks for a host without spaces');
  return `GET ${path} HTTP/1.1\r\nHost: ${name}\r\nUser-Agent: windlass-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n`;
}

/** Collects what comes back until the status line (RFC 9112 4) is whole. */
export class StatusLine {
  #text = '';

  /** The status, or null while the line is not whole. Throws RangeError when it is not HTTP. */
  add(chunk: Buffer): number | null {
    this.#text += chunk.toString('latin1');
    const end = this.#text.indexOf('\r\n');
    if (end < 0 && this.#text.length <= MAX_STATUS_LINE) return null;
    const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(end < 0 ? '' : this.#text.slice(0, end))?.[1];
    if (status === undefined) throw new RangeError('the listener does not speak HTTP/1.1');
    return Number(status);
  }
}
