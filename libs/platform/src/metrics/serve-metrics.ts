import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PortError } from '#engine';
import type { Metrics } from './metrics.js';

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `/metrics` to whoever reaches it: there are no keys, so let it be loopback or a network of one's own. Throws
 * PortError `config.invalid` where it cannot listen.
 */
export async function serveMetrics(metrics: Metrics, host: string, port: number): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const asked = request.method === 'GET' && request.url?.split('?', 1)[0] === '/metrics';
    if (!asked) return void response.writeHead(404, { 'Content-Type': 'text/plain' }).end('GET /metrics\n');
    metrics.text().then(
      (text) => response.writeHead(200, { 'Content-Type': metrics.contentType }).end(text),
      () => response.writeHead(503, { 'Content-Type': 'text/plain' }).end('not now\n'),
    );
  });
  await listen(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, host, port))).listen(port, host, resolve);
  });
}

function cannotListen(error: Error, host: string, port: number): PortError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return new PortError({
    code: 'config.invalid',
    message: `The worker cannot serve its metrics at ${host}:${port} (${code}).`,
    nextStep: 'Choose another WINDLASS_METRICS_PORT or WINDLASS_METRICS_HOST, or unset the port.',
  });
}
