import { createHash } from 'node:crypto';
import { Socket } from 'node:net';
import ssh2 from 'ssh2';
import type { HostTarget } from '#engine';
import { PortError } from '#engine';
import { ExecChannel, type ExecReply } from './exec-channel.js';
import { denied, keyChanged, unreachable } from './failures.js';

const READY_TIMEOUT_MS = 10_000;

/** What is run on a host: a constant command, and what it reads before it hears messages. */
export interface Program {
  readonly command: string;
  readonly preamble: string;
}

/** One SSH connection to one host, with its key pinned before anything is said. */
export class HostConnection {
  private channel: Promise<ExecChannel> | null = null;

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
        // What would be tried first otherwise, nobody at all, is a way to the host and back for nothing.
        authHandler: ['publickey'],
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
          kex: ['ecdh-sha2-nistp256', 'curve25519-sha256', 'curve25519-sha256@libssh.org'],
          cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr'],
        },
      });
    });
  }

  /**
   * Has one message answered by the command, which is started once and kept: `preamble` is what it has to be given
   * first. Throws `host.unreachable` when no answer comes.
   */
  async ask(
    { command, preamble }: Program,
    message: (number: number) => string,
    timeoutMs: number,
  ): Promise<ExecReply> {
    this.channel ??= this.start(command, preamble);
    return (await this.channel).ask(message, timeoutMs);
  }

  private async start(command: string, preamble: string): Promise<ExecChannel> {
    try {
      const channel = await this.exec(command);
      channel.begin(preamble);
      return channel;
    } catch (error) {
      this.channel = null;
      throw error;
    }
  }

  private exec(command: string): Promise<ExecChannel> {
    return new Promise((resolve, reject) => {
      const late = () => settle(() => reject(unreachable(this.host, 'it opens no channel')));
      const cut = () => settle(() => reject(unreachable(this.host, 'the connection was cut')));
      const timer = setTimeout(late, READY_TIMEOUT_MS);
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        this.client.off('close', cut);
        finish();
      };
      this.client.once('close', cut);
      const forget = () => {
        this.channel = null;
      };
      this.client.exec(command, (error, channel) =>
        settle(() => {
          if (error) return reject(unreachable(this.host, error.message));
          resolve(new ExecChannel(channel, this.host, forget));
        }),
      );
    });
  }

  end(): void {
    this.client.end();
  }
}

function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}
