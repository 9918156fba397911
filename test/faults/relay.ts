import { once } from 'node:events';
import net from 'node:net';

/** A way to a server that can be cut so that nobody is told: what was sent stays on its way. */
export interface Relay {
  /** As the server's own, by this way. */
  readonly url: string;
  cut(): void;
  mend(): void;
  /** Ends every connection at once, and both sides are told. */
  sever(): void;
  /** The same as soon as so many more bytes have gone to the server: in the middle of a message. */
  severAfter(bytes: number): void;
  stop(): Promise<void>;
}

export async function startRelay(serverUrl: string): Promise<Relay> {
  const { hostname, port } = new URL(serverUrl);
  const sockets = new Set<net.Socket>();
  let isCut = false;
  let allowance = Number.POSITIVE_INFINITY;
  const sever = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(port), hostname);
    client.on('data', (chunk) => {
      allowance -= chunk.length;
      if (allowance >= 0) return;
      // What fits still arrives, the rest never does.
      upstream.end(chunk.subarray(0, chunk.length + allowance));
      allowance = Number.POSITIVE_INFINITY;
      client.destroy();
    });
    join(client, upstream);
    join(upstream, client);
  });
  const join = (from: net.Socket, to: net.Socket) => {
    sockets.add(from);
    from.on('data', (chunk) => to.writable && to.write(chunk));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    if (isCut) from.pause();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(serverUrl);
  url.port = String((server.address() as net.AddressInfo).port);
  return {
    url: url.href,
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.pause();
    },
    mend: () => {
      isCut = false;
      for (const socket of sockets) socket.resume();
    },
    sever,
    severAfter: (bytes) => {
      allowance = bytes;
    },
    stop: async () => {
      sever();
      server.close();
    },
  };
}
