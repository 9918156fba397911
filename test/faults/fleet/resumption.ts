import { connect } from 'node:tls';
import type { TestCertificate, TestHost } from '#kit';

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

export interface Visit {
  /** Status of the answer. */
  readonly status: string;
  /** Whether the server took the session up instead of asking for the certificate again. */
  readonly resumed: boolean;
  /** What the next visit may bring along; TLS 1.3 gives it after the handshake. */
  readonly session: Buffer | null;
}

/** One request of a client that may bring along the session of an earlier visit. */
export function visit(
  host: TestHost,
  client: TestCertificate,
  version: TlsVersion,
  session: Buffer | null = null,
): Promise<Visit> {
  const socket = connect({
    ...{ host: host.address, port: host.httpsPort, servername: 'edge.test', rejectUnauthorized: false },
    ...{ cert: client.certificatePem, key: client.privateKeyPem, minVersion: version, maxVersion: version },
    ...(session ? { session } : {}),
  });
  return new Promise((resolve, reject) => {
    let given: Buffer | null = null;
    let resumed = false;
    let text = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer within 10 s')));
    socket.on('session', (newest: Buffer) => {
      given = newest;
    });
    socket.on('secureConnect', () => {
      resumed = socket.isSessionReused();
      socket.write('GET / HTTP/1.1\r\nHost: edge.test\r\nConnection: close\r\n\r\n');
    });
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', reject);
    socket.on('close', () => resolve({ status: statusIn(text), resumed, session: given }));
  });
}

function statusIn(answer: string): string {
  return /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'no answer';
}
