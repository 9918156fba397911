import { connect, type Socket } from 'node:net';
import { PortError, type ProbeTarget } from '#engine';
import { distinguishedName } from '#trust';
import { clientHello } from './client-hello.js';
import type { PinnedTarget } from './reach.js';
import { type FlightReading, ServerFlight } from './server-flight.js';

/** close_notify at level warning (RFC 5246 7.2.1): a polite end of a handshake that we do not finish. */
const CLOSE_NOTIFY = Buffer.from([21, 3, 3, 0, 2, 1, 0]);

/** How long a server may take to close after our goodbye, in milliseconds. */
const LINGER_MILLISECONDS = 500;

/** See `Probe.servedCaNames`. Nobody answers when nothing that can be judged came within `timeoutMilliseconds`. */
export function readCaNames(
  target: PinnedTarget,
  timeoutMilliseconds: number,
): Promise<readonly string[] | null> {
  const socket = connect({ host: target.at, port: target.port, noDelay: true });
  const flight = new ServerFlight();
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      leave(socket);
      settle();
    };
    const silent = (reason: string) => end(() => reject(noAnswer(target, reason)));
    const timer = setTimeout(() => silent(`nothing within ${timeoutMilliseconds} ms`), timeoutMilliseconds);
    socket.on('connect', () => socket.write(clientHello(target.serverName)));
    socket.on('data', (chunk: Buffer) => {
      const reading = readSafely(flight, chunk);
      if (reading.state !== 'more') end(() => resolve(namesOf(reading)));
    });
    socket.on('error', (error: NodeJS.ErrnoException) => silent(error.code ?? error.message));
    socket.on('close', () => silent('the connection was closed'));
  });
}

function noAnswer({ address, port }: ProbeTarget, reason: string): PortError {
  return new PortError(
    {
      code: 'probe.no-answer',
      message: `${address}:${port} does not say which CAs it asks for (${reason}).`,
      nextStep:
        'Check address and port of the probe target, and the way there; Windlass asks again by itself.',
    },
    { transient: true },
  );
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

function namesOf(reading: FlightReading): readonly string[] | null {
  return reading.state === 'names' ? reading.names.map(nameOrHex) : null;
}

/** A fleet shows the same few names on every listener. */
const known = new Map<string, string>();
const NAMES_KNOWN = 1_000;

function nameOrHex(der: Uint8Array<ArrayBuffer>): string {
  const hex = Buffer.from(der).toString('hex');
  const name = known.get(hex) ?? readName(der, hex);
  if (known.size >= NAMES_KNOWN) known.clear();
  known.set(hex, name);
  return name;
}

/** A name that cannot be read is still a name: shown as RFC 4514 2.4 shows a value without a text form. */
function readName(der: Uint8Array<ArrayBuffer>, hex: string): string {
  try {
    return distinguishedName(der);
  } catch {
    return `#${hex}`;
  }
}
