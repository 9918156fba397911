import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { ProbeAnswer, ProbeIdentity, ProbeTarget } from '#engine';
import { refusalAlert } from './alerts.js';
import { secureContextOf } from './client-identity.js';
import { requestText, StatusLine } from './http-question.js';

/** What we call an end of the connection behind the handshake: nginx `stream` refuses a client like that. */
const CLOSED_UNANSWERED = 'closed_without_answer';

/** One fresh TLS connection, one GET, at most `timeoutMilliseconds` in all. */
export function askOnce(
  target: ProbeTarget,
  identity: ProbeIdentity | null,
  timeoutMilliseconds: number,
): Promise<ProbeAnswer> {
  const request = requestText(target);
  const socket = connectTo(target, identity);
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => end(noAnswer(`no answer within ${timeoutMilliseconds} ms`)),
      timeoutMilliseconds,
    );
    const end = (answer: ProbeAnswer): void => {
      clearTimeout(timer);
      // Late errors of a connection we are done with must not reach anybody.
      socket.removeAllListeners().on('error', () => undefined);
      socket.destroy();
      resolve(answer);
    };
    converse(socket, request, end);
  });
}

function connectTo(target: ProbeTarget, identity: ProbeIdentity | null): TLSSocket {
  const { serverName } = target;
  return connect({
    host: target.address,
    port: target.port,
    secureContext: secureContextOf(identity),
    // RFC 6066 3: an address is no server name.
    ...(serverName === null || isIP(serverName) !== 0 ? {} : { servername: serverName }),
    // The probe judges whom the server trusts. Whether to trust the server is not asked here.
    rejectUnauthorized: false,
  });
}

function converse(socket: TLSSocket, request: string, end: (answer: ProbeAnswer) => void): void {
  const line = new StatusLine();
  let shaken = false;
  const closed = (reason: string): void => {
    end(shaken ? { kind: 'tls-refused', alert: CLOSED_UNANSWERED } : noAnswer(reason));
  };
  socket.on('secureConnect', () => {
    shaken = true;
    socket.write(request);
  });
  socket.on('data', (chunk: Buffer) => {
    try {
      const status = line.add(chunk);
      if (status !== null) end({ kind: 'http', status, tls: socket.getProtocol() ?? 'unknown' });
    } catch (error) {
      end(noAnswer(error instanceof Error ? error.message : 'not HTTP'));
    }
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const alert = refusalAlert(error.message);
    if (alert !== null) end({ kind: 'tls-refused', alert });
    else if (error.code === 'ECONNRESET' || error.code === 'EPIPE')
      closed('connection reset during the TLS handshake');
    else end(noAnswer(networkReason(error)));
  });
  socket.on('close', () => closed('connection closed during the TLS handshake'));
}

function noAnswer(reason: string): ProbeAnswer {
  return { kind: 'no-answer', reason };
}

/** OpenSSL's `reason` where there is one: its `message` holds thread and file numbers that change every time. */
function networkReason(error: NodeJS.ErrnoException & { reason?: string }): string {
  return error.reason ?? error.code ?? error.message;
}
