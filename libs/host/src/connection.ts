import { createHash } from 'node:crypto';
import { Socket } from 'node:net';
import ssh2 from 'ssh2';
import type { HostTarget } from '#engine';
import { PortError } from '#engine';
import { denied, keyChanged, unreachable } from './failures.js';

const READY_TIMEOUT_MS = 10_000;
const MAX_REPLY_BYTES = 32 << 20;

export interface ExecReply {
  readonly stdout: string;
  readonly stderr: string;
}

/** One SSH connection to one host, with its key pinned before anything is said. */
export class HostConnection {
  private constructor(
    private readonly client: ssh2.Client,
    private readonly host: HostTarget,
  ) {}

  /** Throws PortError `host.unreachable`, `host.key-changed` or `host.denied`. `onEnd` is called once when it is gone. */
  static open(host: HostTarget, onEnd: () => void): Promise<HostConnection> {
    const [algorithm = '', blob = ''] = host.hostKey.trim().split(/\s+/);
    const pinned = Buffer.from(blob, 'base64');
    let mismatch: PortError | null = null;
    return new Promise((resolve, reject) => {
      const client = new ssh2.Client();
      client.once('ready', () => resolve(new HostConnection(client, host)));
      client.on('error', (error: Error & { level?: string }) => {
        reject(
          mismatch ??
            (error.level === 'client-authentication' ? denied(host) : unreachable(host, error.message)),
        );
      });
      client.once('close', () => {
        onEnd();
        reject(mismatch ?? unreachable(host, 'the connection was closed'));
      });
      // Without noDelay every exec on a reused connection waits 45 ms for a delayed ACK (measured).
      const sock = new Socket().setNoDelay(true);
      sock.connect(host.port, host.address);
      client.connect({
        sock,
        username: host.user,
        privateKey: host.privateKey.reveal(),
        readyTimeout: READY_TIMEOUT_MS,
        keepaliveInterval: 5_000,
        keepaliveCountMax: 3,
        hostVerifier: (key: Buffer) => {
          if (key.equals(pinned)) return true;
          mismatch = keyChanged(host, fingerprint(pinned), fingerprint(key));
          return false;
        },
        algorithms: {
          serverHostKey: [algorithm as ssh2.ServerHostKeyAlgorithm],
          kex: ['curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256'],
          cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr'],
        },
      });
    });
  }

  /** Runs the constant command with `input` on its stdin. Throws `host.unreachable` when the reply is cut off. */
  exec(command: string, input: string, timeoutMs: number): Promise<ExecReply> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => settle(() => reject(unreachable(this.host, `no answer within ${timeoutMs / 1000} s`))),
        timeoutMs,
      );
      const cut = () => settle(() => reject(unreachable(this.host, 'the connection was cut')));
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        this.client.off('close', cut);
        finish();
      };
      this.client.once('close', cut);
      this.client.exec(command, (error, channel) => {
        if (error) return settle(() => reject(unreachable(this.host, error.message)));
        const out: Buffer[] = [];
        const err: Buffer[] = [];
        let size = 0;
        const collect = (into: Buffer[]) => (chunk: Buffer) => {
          size += chunk.length;
          if (size <= MAX_REPLY_BYTES) into.push(chunk);
        };
        channel.on('data', collect(out));
        channel.stderr.on('data', collect(err));
        channel.once('close', () =>
          settle(() =>
            resolve({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
          ),
        );
        channel.end(input);
      });
    });
  }

  end(): void {
    this.client.end();
  }
}

function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}
