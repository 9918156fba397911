import type { Duplex } from 'node:stream';
import type ssh2 from 'ssh2';
import type { HostTarget } from '#engine';
import { ExecChannel, type ExecReply } from './exec-channel.js';
import { unreachable } from './failures.js';
import { logIn, READY_TIMEOUT_MS } from './log-in.js';

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

  /** `stream` leads to the host. Throws and calls `onEnd` as {@link logIn} does. */
  static async open(
    host: HostTarget,
    stream: Duplex,
    agent: string | null,
    onEnd: () => void,
  ): Promise<HostConnection> {
    return new HostConnection(await logIn(host, stream, agent, onEnd), host);
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
