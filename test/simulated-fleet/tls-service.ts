import { createServer, type Server, type Socket } from 'node:net';
import tls from 'node:tls';
import type { TestCertificate } from '#kit';
import type { SimulatedHost } from './simulated-host.js';
import { listening } from './ssh-service.js';

/** Bundles whose servers are kept: those of one transition, and some before it. */
const MOST_SERVERS = 16;

/** HTTPS of all hosts of a fleet: each shows and takes the clients of the bundle that its workers serve. */
export class TlsService {
  handshakes = 0;
  private readonly listener: Server;
  private readonly sockets = new Set<Socket>();
  private readonly servers = new Map<string, tls.Server>();

  constructor(
    private readonly hosts: ReadonlyMap<string, SimulatedHost>,
    private readonly certificate: TestCertificate,
  ) {
    this.listener = createServer({ noDelay: true }, (socket) => this.accept(socket));
  }

  /** Returns the port. */
  listen(): Promise<number> {
    return listening(this.listener);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.listener.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private accept(socket: Socket): void {
    const host = this.hosts.get(socket.localAddress ?? '');
    if (host === undefined) return void socket.destroy();
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    this.serverOf(host.machine.serving).emit('connection', socket);
  }

  /** Hosts of one bundle share one, and one of another bundle takes up none of its sessions. */
  private serverOf(bundle: string): tls.Server {
    const known = this.servers.get(bundle);
    if (known) return known;
    const [oldest] = this.servers.keys();
    if (oldest !== undefined && this.servers.size >= MOST_SERVERS) this.servers.delete(oldest);
    const { certificatePem: cert, privateKeyPem: key } = this.certificate;
    const asks = { ca: bundle, requestCert: true, rejectUnauthorized: false, sessionIdContext: 'hosts' };
    const server = tls.createServer({ cert, key, ...asks }, (socket) => this.converse(socket));
    server.on('tlsClientError', () => undefined);
    this.servers.set(bundle, server);
    return server;
  }

  /** As nginx with `ssl_verify_client on`: whoever is not let in gets 400. */
  private converse(socket: tls.TLSSocket): void {
    this.handshakes += 1;
    socket.on('error', () => undefined);
    socket.once('data', () => {
      const status = socket.authorized ? '200 OK' : '400 Bad Request';
      socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    });
  }
}
