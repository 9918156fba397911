import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordingProxy {
  readonly url: string;
  /** Method and address of every request that went through it, tunnels and sockets included. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/**
 * A proxy for a browser, which sends all it sends through it: pages, workers, beacons, sockets, its own services. Plain
 * HTTP to loopback goes on; anything else is written down and refused.
 */
export async function startRecordingProxy(): Promise<RecordingProxy> {
  const requests: string[] = [];
  const server = http.createServer((request, response) => {
    const { method, url = '', headers } = request;
    requests.push(`${method} ${url}`);
    if (!url.startsWith('http://127.0.0.1:')) {
      response.writeHead(502).end();
      return;
    }
    const onward = http.request(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  });
  for (const kind of ['connect', 'upgrade'] as const) {
    server.on(kind, ({ url }, socket) => {
      requests.push(`${kind} ${url}`);
      socket.destroy();
    });
  }
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
