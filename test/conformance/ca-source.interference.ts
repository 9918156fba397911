import { createServer, request as forward, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface InterferingProxy {
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Stands before a PKI and lets every request through. When the PKI has done its work, and before the client hears
 * of it, `interfere` is called with the request, such as `POST /v1/pki/config/issuers`, and the action of AWS that it
 * names, if any. When it answers `lose`, the
 * reply is swallowed and the connection cut, as when the network breaks just then (F44).
 */
export async function startInterferingProxy(
  upstream: string,
  interfere: (asked: string, action: string) => Promise<'pass' | 'lose'>,
): Promise<InterferingProxy> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers } = incoming;
    const onReply = async (reply: IncomingMessage) => {
      const action = String(headers['x-amz-target']).replace(/^.*\./, '');
      if ((await interfere(`${method} ${incoming.url}`, action)) === 'lose') {
        reply.resume().once('end', () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    };
    incoming.pipe(forward(new URL(incoming.url ?? '/', upstream), { method, headers }, onReply));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
