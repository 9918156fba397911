import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import type { ProbeIdentity } from '#engine';
import type { TestHost } from '#kit';
import { addToServer, reload } from './nginx-edit.js';

/** A place on the host whose download takes minutes. */
export function offerLongDownload(host: TestHost): void {
  writeFileSync(host.outside('etc/nginx/long'), Buffer.alloc(8 << 20, 'x'));
  addToServer(host, 'location = /long { root /etc/nginx; limit_rate 16k; }');
  reload(host);
}

/** Downloads until it is ended. Resolves when the first bytes are there. */
export async function startDownload(host: TestHost, client: ProbeIdentity): Promise<TLSSocket> {
  const socket = connect({
    ...{ host: host.address, port: host.httpsPort, servername: 'edge.test', rejectUnauthorized: false },
    ...{ cert: client.certificatePem, key: client.privateKey.reveal() },
  });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  socket.write('GET /long HTTP/1.1\r\nHost: edge.test\r\n\r\n');
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  if (!chunk.toString('latin1').startsWith('HTTP/1.1 200')) throw new Error('the download was refused');
  socket.resume();
  return socket;
}

/** Pids of the workers that serve what they have and accept nothing new. */
export function drainingOn(host: TestHost): string[] {
  return host.exec(`pgrep -f '^nginx: worker process is shutting down' || true`).split('\n').filter(Boolean);
}
