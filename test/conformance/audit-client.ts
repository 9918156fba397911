import { request } from 'node:http';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { TestCertificate } from '../kit/pki.js';

/** One request as a client of a certain kind makes it. */
export interface Question {
  readonly port: number;
  /** Null: none is shown. */
  readonly certificate: TestCertificate | null;
  /** Sent behind the certificate. */
  readonly chainPem?: string;
  /** False: plain http. */
  readonly tls?: boolean;
  readonly serverName?: string | null;
  readonly host?: string;
  readonly path?: string;
  readonly headers?: readonly string[];
  readonly session?: Buffer | null;
  readonly options?: ConnectionOptions;
}

export interface Answer {
  /** HTTP status; 0 when the server ended the connection without one. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
  readonly resumed: boolean;
  /** The last session that the server gave, to be resumed. */
  readonly session: Buffer | null;
}

const PATIENCE = 10_000;

/** Asks, and tells what came back. A handshake that fails is status 0. */
export function ask(question: Question): Promise<Answer> {
  return question.tls === false ? askPlain(question) : askTls(question);
}

function requestText({ host = 'a.test', path = '/', headers = [] }: Question): string {
  return [`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headers, '', ''].join('\r\n');
}

function askTls(question: Question): Promise<Answer> {
  const { port, certificate, chainPem = '', serverName = null, session = null, options = {} } = question;
  return new Promise((resolve) => {
    const socket: TLSSocket = connect({
      ...{ host: '127.0.0.1', port, rejectUnauthorized: false, ...options },
      ...(certificate === null
        ? {}
        : { cert: certificate.certificatePem + chainPem, key: certificate.privateKeyPem }),
      ...(serverName === null ? {} : { servername: serverName }),
      ...(session === null ? {} : { session }),
    });
    let text = '';
    let given: Buffer | null = null;
    let resumed = false;
    socket.setTimeout(PATIENCE, () => socket.destroy());
    socket.on('secureConnect', () => {
      resumed = socket.isSessionReused();
      socket.write(requestText(question));
    });
    socket.on('session', (one) => {
      given = one;
    });
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve({ ...parse(text), resumed, session: given }));
  });
}

function parse(text: string): Pick<Answer, 'status' | 'head' | 'body'> {
  const end = text.indexOf('\r\n\r\n');
  const head = end === -1 ? text : text.slice(0, end);
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0);
  return { status, head, body: end === -1 ? '' : text.slice(end + 4) };
}

function askPlain({ port, host = 'a.test', path = '/' }: Question): Promise<Answer> {
  return new Promise((resolve) => {
    const nothing: Answer = { status: 0, head: '', body: '', resumed: false, session: null };
    const asked = request({ host: '127.0.0.1', port, path, headers: { host }, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve({ ...nothing, status: response.statusCode ?? 0 }));
    });
    asked.setTimeout(PATIENCE, () => asked.destroy());
    asked.on('error', () => resolve(nothing));
    asked.end();
  });
}
