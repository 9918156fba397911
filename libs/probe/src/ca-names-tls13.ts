import { execFile } from 'node:child_process';
import type { PinnedTarget } from './reach.js';

/** Ends where s_client goes on to what the server may sign with. */
const LIST =
  /^Acceptable client certificate CA names\n([\s\S]*?)\n(?:Client Certificate Types|Requested Signature Algorithms|Shared Requested|Peer sign|---)/m;
const LARGEST_OUTPUT_BYTES = 4 << 20;

/**
 * The CA names that a TLS 1.3 server sends encrypted (RFC 8446 4.2.4), as `openssl s_client` reads them without any
 * client key. Null when it names none, or when there is no OpenSSL on this machine.
 */
export function readCaNames13(
  { at, port, serverName }: PinnedTarget,
  timeoutMilliseconds: number,
): Promise<readonly string[] | null> {
  const place = at.includes(':') ? `[${at}]:${port}` : `${at}:${port}`;
  const name = serverName === null ? ['-noservername'] : ['-servername', serverName];
  const args = ['s_client', '-connect', place, ...name, '-tls1_3', '-nameopt', 'RFC2253,utf8,-esc_msb'];
  const env = { PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };
  const limits = {
    timeout: timeoutMilliseconds,
    killSignal: 'SIGKILL',
    maxBuffer: LARGEST_OUTPUT_BYTES,
  } as const;
  return new Promise((resolve) => {
    // A server that refuses us behind the handshake has said all the same whom it would let in.
    const child = execFile('openssl', args, { env, ...limits }, (_error, output) => {
      const [, list] = LIST.exec(output) ?? [];
      resolve(list ? list.split('\n') : null);
    });
    child.stdin?.end();
  });
}
