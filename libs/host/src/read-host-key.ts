import ssh2 from 'ssh2';
import type { HostTarget } from '#engine';
import { unreachable } from './failures.js';
import { dial, KEY_EXCHANGES, READY_TIMEOUT_MS } from './log-in.js';
import { PINNABLE } from './pinned-host-key.js';

/**
 * The key that an SSH server shows, as `algorithm base64`: of those that can be pinned the one that it has, Ed25519
 * first. The connection ends before anybody logs in. Throws PortError `host.unreachable`.
 */
export function readHostKey(server: Pick<HostTarget, 'name' | 'address' | 'port'>): Promise<string> {
  const named = { ...server, jump: null };
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('error', ({ message }) => reject(unreachable(named, message)));
    client.once('close', () => reject(unreachable(named, 'the connection was closed')));
    client.connect({
      sock: dial(server),
      username: 'nobody',
      readyTimeout: READY_TIMEOUT_MS,
      hostVerifier: (key: Buffer) => {
        resolve(`${algorithmOf(key)} ${key.toString('base64')}`);
        return false;
      },
      algorithms: { serverHostKey: [...PINNABLE], kex: KEY_EXCHANGES },
    });
  });
}

/** RFC 4253 6.6: a key begins with the length and the name of its format. */
function algorithmOf(key: Buffer): string {
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
}
