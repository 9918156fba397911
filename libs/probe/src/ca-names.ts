import { connect, type Socket } from 'node:net';
import type { ProbeTarget } from '#engine';
import { distinguishedName } from '#trust';
import { clientHello } from './client-hello.js';
import { type FlightReading, ServerFlight } from './server-flight.js';

/** close_notify at level warning (RFC 5246 7.2.1): a polite end of a handshake that we do not finish. */
const CLOSE_NOTIFY = Buffer.from([21, 3, 3, 0, 2, 1, 0]);

/** How long a server may take to close after our goodbye, in milliseconds. */
const LINGER_MILLISECONDS = 500;

/** `none` of a server that answers and names no CA over TLS 1.2; `silent` when nobody answers in time. */
export type CaNames = readonly string[] | 'none' | 'silent';

/** The names in CertificateRequest of a TLS 1.2 handshake, which is in clear. See `Probe.servedCaNames`. */
export function readCaNames(target: ProbeTarget, timeoutMilliseconds: number): Promise<CaNames> {
  const socket = connect({ host: target.address, port: target.port, noDelay: true });
  const flight = new ServerFlight();
  return new Promise((resolve) => {
    const end = (names: CaNames): void => {
      clearTimeout(timer);
      leave(socket);
      resolve(names);
    };
    const timer = setTimeout(() => end('silent'), timeoutMilliseconds);
    socket.on('connect', () => socket.write(clientHello(target.serverName)));
    socket.on('data', (chunk: Buffer) => {
      const reading = readSafely(flight, chunk);
      if (reading.state !== 'more') end(namesOf(reading));
    });
    socket.on('error', () => end('silent'));
    socket.on('close', () => end('silent'));
  });
}

/**
 * Says goodbye and lets the server close: a socket that is dropped with bytes unread sends a reset, which shows
 * in the server's error log.
 */
function leave(socket: Socket): void {
  socket.removeAllListeners().on('error', () => undefined);
  if (socket.readyState !== 'open') {
    socket.destroy();
    return;
  }
  const linger = setTimeout(() => socket.destroy(), LINGER_MILLISECONDS);
  socket.on('close', () => clearTimeout(linger));
  socket.resume().end(CLOSE_NOTIFY);
}

/** A message that lies about its own lengths is an answer that says nothing. */
function readSafely(flight: ServerFlight, chunk: Buffer): FlightReading {
  try {
    return flight.add(chunk);
  } catch (error) {
    if (error instanceof RangeError) return { state: 'none' };
    throw error;
  }
}

function namesOf(reading: FlightReading): CaNames {
  return reading.state === 'names' ? reading.names.map(nameOrHex) : 'none';
}

/** A name that cannot be read is still a name: shown as RFC 4514 2.4 shows a value without a text form. */
function nameOrHex(der: Uint8Array<ArrayBuffer>): string {
  try {
    return distinguishedName(der);
  } catch {
    return `#${Buffer.from(der).toString('hex')}`;
  }
}
