import { isIP } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import { type Coming, type ProbeAnswer, type ProbeIdentity, Secret, type Visit } from '#engine';
import { refusalAlert } from './alerts.js';
import { secureContextOf } from './client-identity.js';
import { requestText, StatusLine } from './http-question.js';
import type { PinnedTarget } from './reach.js';

/** What we call an end of the connection behind the handshake: nginx `stream` refuses a client like that. */
const CLOSED_UNANSWERED = 'closed_without_answer';

/** One fresh TLS connection, one GET, at most `timeoutMilliseconds` in all. */
export async function askOnce(
  target: PinnedTarget,
  identity: ProbeIdentity | null,
  timeoutMilliseconds: number,
): Promise<ProbeAnswer> {
  const request = requestText(target);
  return answerTo(connectTo(target, secureContextOf(identity)), request, timeoutMilliseconds);
}

/** One TLS connection that may bring along a session, one GET, at most `timeoutMilliseconds` in all. */
export async function visitOnce(
  target: PinnedTarget,
  identity: ProbeIdentity,
  { kind, session }: Coming,
  timeoutMilliseconds: number,
): Promise<Visit> {
  const request = requestText(target);
  const socket = connectTo(target, secureContextOf(identity, kind), session);
  const seen: { resumed: boolean; session: Secret | null } = { resumed: false, session: null };
  // TLS 1.3 gives its sessions behind the handshake and in front of the answer; the newest is good for longest.
  socket.on('session', (given: Buffer) => {
    if (kind === 'TLS 1.2 ticket' && socket.getTLSTicket() === undefined) return;
    seen.session = new Secret(given.toString('base64'));
  });
  socket.on('secureConnect', () => {
    seen.resumed = socket.isSessionReused();
  });
  const answer = await answerTo(socket, request, timeoutMilliseconds);
  return { answer, ...seen };
}

function answerTo(socket: TLSSocket, request: string, timeoutMilliseconds: number): Promise<ProbeAnswer> {
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

function connectTo(
  { at, port, serverName }: PinnedTarget,
  secureContext: SecureContext,
  session: Secret | null = null,
): TLSSocket {
  return connect({
    ...{ host: at, port, secureContext },
    // RFC 6066 3: an address is no server name.
    ...(serverName === null || isIP(serverName) !== 0 ? {} : { servername: serverName }),
    ...(session === null ? {} : { session: Buffer.from(session.reveal(), 'base64') }),
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
