import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import type { PortError } from '#engine';
import { denied, type Hop, keyChanged, noAgent, unreachable } from './failures.js';
import { leaveHostKeysUnproven } from './host-keys-unproven.js';
import { fingerprint } from './pinned-host-key.js';

export const READY_TIMEOUT_MS = 10_000;
export const KEY_EXCHANGES: ssh2.KexAlgorithm[] = [
  'ecdh-sha2-nistp256',
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
];

type SshError = Error & { readonly level?: string };

/** Not yet connected. */
export function dial({ address, port }: Pick<Hop, 'address' | 'port'>): Duplex {
  // Without noDelay every exec on a reused connection waits 45 ms for a delayed ACK (measured).
  const socket = new Socket().setNoDelay(true);
  return socket.connect(port, address);
}

/**
 * Logs in over a stream to the server, whose key is compared before anything is said. `agent`: the socket of the SSH
 * agent, or null. `onEnd` is called once when the connection is gone. Throws PortError `host.unreachable`,
 * `host.key-changed`, `host.denied`, `host.no-agent`.
 */
export function logIn(hop: Hop, sock: Duplex, agent: string | null, onEnd: () => void): Promise<ssh2.Client> {
  const [algorithm = '', blob = ''] = hop.hostKey.trim().split(/\s+/);
  const pinned = Buffer.from(blob, 'base64');
  let known: PortError | null = null;
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.once('ready', () => {
      leaveHostKeysUnproven(client);
      resolve(client);
    });
    client.on('error', (error: SshError) => {
      // The end of the login comes behind it, in an error of its own.
      if (error.level === 'agent') known ??= noAgent(hop, error.message);
      else reject(known ?? failure(hop, error));
    });
    client.once('close', () => {
      onEnd();
      reject(known ?? unreachable(hop, 'the connection was closed'));
    });
    client.connect({
      sock,
      username: hop.user,
      ...loginOf(hop, agent),
      readyTimeout: READY_TIMEOUT_MS,
      keepaliveInterval: 5_000,
      keepaliveCountMax: 3,
      hostVerifier: (key: Buffer) => {
        if (key.equals(pinned)) return true;
        known = keyChanged(hop, fingerprint(pinned), fingerprint(key));
        return false;
      },
      algorithms: {
        serverHostKey: [algorithm as ssh2.ServerHostKeyAlgorithm],
        kex: KEY_EXCHANGES,
        cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr'],
      },
    });
  });
}

/** Without authHandler, nobody at all would be tried first: a way to the host and back for nothing. */
function loginOf({ privateKey }: Hop, agent: string | null): Partial<ssh2.ConnectConfig> {
  if (privateKey !== null) return { privateKey: privateKey.reveal(), authHandler: ['publickey'] };
  return { ...(agent === null ? {} : { agent }), authHandler: ['agent'] };
}

function failure(hop: Hop, { level, message }: SshError): PortError {
  // sshd(8), MaxAuthTries: it hangs up on an agent with many keys before the right one had its turn.
  const refused = level === 'client-authentication' || /too many authentication failures/i.test(message);
  return refused ? denied(hop) : unreachable(hop, message);
}
