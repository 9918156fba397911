import { once } from 'node:events';
import net from 'node:net';

/** The way of the probes to one listener: it may be cut while the listener is fine and everybody else gets there. */
export class ProbeWay {
  /** Connections that did not get through. */
  lost = 0;
  private losing = 0;

  private constructor(private readonly server: net.Server) {}

  static async open(listener: () => { address: string; port: number }): Promise<ProbeWay> {
    const server = net.createServer((probe) => {
      probe.on('error', () => undefined);
      if (way.losing > 0) {
        way.losing -= 1;
        way.lost += 1;
        return void probe.resetAndDestroy();
      }
      const { address, port } = listener();
      const upstream = net.connect(port, address);
      upstream.on('error', () => probe.destroy());
      probe.on('close', () => upstream.destroy());
      upstream.on('close', () => probe.destroy());
      probe.pipe(upstream).pipe(probe);
    });
    const way = new ProbeWay(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return way;
  }

  /** Where the probes are sent. */
  get target() {
    const { port } = this.server.address() as net.AddressInfo;
    return { address: '127.0.0.1', port, serverName: 'edge.test', path: '/' };
  }

  cut(): void {
    this.losing = Number.POSITIVE_INFINITY;
  }

  /** The next connections are lost, and the ones after them get through. */
  loseNext(connections: number): void {
    this.losing = connections;
  }

  mend(): void {
    this.losing = 0;
  }

  async stop(): Promise<void> {
    this.server.close();
  }
}
