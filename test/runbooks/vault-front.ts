import { request as forward } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCa, type TestCertificate } from '#kit';

/** id-kp-serverAuth, RFC 5280 4.2.1.12 */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** TLS and the network before a Vault that speaks plain HTTP. */
export class VaultFront {
  private constructor(
    private readonly server: Server,
    private readonly port: number,
    /** Of the CA that its certificate is of. */
    readonly caPem: string,
    private readonly own: TestCertificate,
  ) {}

  static async open(upstream: string): Promise<VaultFront> {
    const { caPem, certificate } = await serverCertificate();
    const server = createServer(tls(certificate), (incoming, outgoing) => {
      const { method, headers, url = '/' } = incoming;
      const asked = forward(new URL(url, upstream), { method, headers }, (reply) => {
        outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(outgoing);
      });
      asked.on('error', () => outgoing.destroy());
      incoming.pipe(asked);
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    return new VaultFront(server, (server.address() as AddressInfo).port, caPem, certificate);
  }

  get address(): string {
    return `https://localhost:${this.port}`;
  }

  /** Nobody gets through any more. */
  cut(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  mend(): Promise<void> {
    return new Promise((resolve) => this.server.listen(this.port, 'localhost', resolve));
  }

  /** A certificate of a CA that nobody was told of. */
  async showAnother(): Promise<void> {
    this.show((await serverCertificate()).certificate);
  }

  showItsOwn(): void {
    this.show(this.own);
  }

  async stop(): Promise<void> {
    if (this.server.listening) await this.cut();
  }

  private show(certificate: TestCertificate): void {
    this.server.setSecureContext(tls(certificate));
    this.server.closeAllConnections();
  }
}

async function serverCertificate() {
  const ca = await makeCa({ commonName: 'CA of the servers' });
  const names = { commonName: 'localhost', dnsNames: ['localhost'] };
  const certificate = await ca.issueClient({ ...names, extendedKeyUsages: [SERVER_AUTH] });
  return { caPem: ca.certificatePem, certificate };
}

function tls({ certificatePem, privateKeyPem }: TestCertificate) {
  return { cert: certificatePem, key: privateKeyPem };
}
