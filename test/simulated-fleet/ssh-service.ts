import { createServer, type Server, type Socket } from 'node:net';
import ssh2 from 'ssh2';
import { HostMessages } from './host-messages.js';
import type { Latencies } from './latencies.js';
import type { SimulatedHost } from './simulated-host.js';

/** As libs/host/src/bootstrap.ts writes it: how long the script is that comes first. */
const SCRIPT_LENGTH = /dd bs=(\d+) count=1 iflag=fullblock/;
const GREETING = '\nwindlass-host\n';
const BACKLOG = 4_096;

export interface SshKeys {
  /** OpenSSH private key of every host. */
  readonly hostKey: string;
  /** The only key that may log in, as `ssh-ed25519 AAAA...`. */
  readonly authorizedKey: string;
}

/** SSH of all hosts of a fleet: one port, and the address that is dialled says which host it is. */
export class SshService {
  readonly steps = new Map<string, number>();
  /** Channels on which a script runs now, and the most that there were at once. */
  channels = 0;
  mostChannels = 0;
  private readonly listener: Server;
  private readonly sockets = new Map<Socket, string>();

  constructor(
    private readonly hosts: ReadonlyMap<string, SimulatedHost>,
    private readonly keys: SshKeys,
    private readonly latencies: Latencies,
  ) {
    this.listener = createServer({ noDelay: true }, (socket) => this.accept(socket));
  }

  /** Returns the port. */
  listen(): Promise<number> {
    return listening(this.listener);
  }

  /** Cuts every connection to the host, as its reboot does. */
  cut(address: string): void {
    for (const [socket, at] of this.sockets) if (at === address) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.listener.close(resolve));
    for (const socket of this.sockets.keys()) socket.destroy();
    await closed;
  }

  private accept(socket: Socket): void {
    const host = this.hosts.get(socket.localAddress ?? '');
    if (host === undefined) return void socket.destroy();
    this.sockets.set(socket, host.address);
    socket.once('close', () => this.sockets.delete(socket));
    socket.on('error', () => undefined);
    // A server of its own for each: it is given the socket, and so knows whose it is.
    const server = new ssh2.Server({ hostKeys: [this.keys.hostKey] }, (client) => this.serve(client, host));
    server.injectSocket(socket);
  }

  private serve(client: ssh2.Connection, host: SimulatedHost): void {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      if (this.isAuthorized(context)) context.accept();
      else context.reject(['publickey']);
    });
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => this.run(acceptExec(), command, host));
    });
  }

  private isAuthorized(context: ssh2.AuthContext): boolean {
    if (context.method !== 'publickey') return false;
    const allowed = ssh2.utils.parseKey(this.keys.authorizedKey);
    if (allowed instanceof Error || !context.key.data.equals(allowed.getPublicSSH())) return false;
    const { blob, signature } = context;
    if (blob === undefined || signature === undefined) return true;
    return allowed.verify(blob, signature, context.hashAlgo) === true;
  }

  private run(channel: ssh2.ServerChannel, command: string, host: SimulatedHost): void {
    const length = SCRIPT_LENGTH.exec(command)?.[1];
    if (length === undefined) {
      channel.stderr.write('this host runs nothing but the host script\n');
      channel.exit(127);
      return void channel.end();
    }
    this.channels += 1;
    this.mostChannels = Math.max(this.mostChannels, this.channels);
    const messages = new HostMessages(Number(length));
    let turn: Promise<void> = Promise.resolve();
    channel.write(GREETING);
    channel.on('data', (chunk: Buffer) => {
      for (const message of messages.add(chunk)) {
        turn = turn.then(async () => {
          const step = message.values.get('step') ?? '';
          this.steps.set(step, 1 + (this.steps.get(step) ?? 0));
          const [answer] = await Promise.all([host.answer(message, channel), this.latencies.pass(step)]);
          if (channel.writable) channel.write(answer);
        });
      }
    });
    channel.on('end', () => channel.end());
    channel.once('close', () => {
      this.channels -= 1;
      host.abandon(channel);
    });
  }
}

/** Listens on every address of this machine; who dials one that is no host's is cut off. */
export function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '0.0.0.0', backlog: BACKLOG }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
