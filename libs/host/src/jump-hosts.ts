import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type ssh2 from 'ssh2';
import { type HostTarget, PortError, type SshServer } from '#engine';
import { behindJump, noAgent, unreachable } from './failures.js';
import { dial, logIn, READY_TIMEOUT_MS } from './log-in.js';

/** A jump host that nobody goes by is left after this. Hosts keep their connections for longer than that. */
const IDLE_MS = 30_000;

interface Open {
  readonly client: Promise<ssh2.Client>;
  users: number;
  idle: NodeJS.Timeout | null;
}

/** The servers by way of which hosts are reached: one connection to each, whoever goes by it with the same login. */
export class JumpHosts {
  private readonly open = new Map<string, Open>();

  constructor(private readonly agent: string | null) {}

  /**
   * A stream to the host, which the jump host connects. Throws PortError `host.unreachable`, `host.key-changed`,
   * `host.denied`, `host.no-agent`, about the host or the jump host, as the message says.
   */
  async through(jump: SshServer, host: HostTarget): Promise<Duplex> {
    const open = this.connect(jump);
    open.users++;
    if (open.idle) clearTimeout(open.idle);
    const leave = () => {
      open.users--;
      if (open.users === 0) open.idle = setTimeout(() => this.drop(jump, open), IDLE_MS).unref();
    };
    try {
      const channel = await forward(await this.reached(open, host), host);
      return channel.once('close', leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Ends every connection, and so those of the hosts behind. */
  async close(): Promise<void> {
    const all = [...this.open.values()];
    this.open.clear();
    for (const { client, idle } of all) {
      if (idle) clearTimeout(idle);
      (await client.catch(() => null))?.end();
    }
  }

  private async reached({ client }: Open, host: HostTarget): Promise<ssh2.Client> {
    try {
      return await client;
    } catch (error) {
      throw error instanceof PortError ? behindJump(host, error) : error;
    }
  }

  private connect(jump: SshServer): Open {
    const key = jumpKey(jump);
    const known = this.open.get(key);
    if (known) return known;
    const forget = () => {
      if (this.open.get(key) === open) this.open.delete(key);
    };
    const open: Open = { client: this.logIn(jump, forget), users: 0, idle: null };
    open.client.catch(forget);
    this.open.set(key, open);
    return open;
  }

  private async logIn(jump: SshServer, forget: () => void): Promise<ssh2.Client> {
    const hop = { ...jump, name: 'jump host' };
    if (jump.privateKey === null && this.agent === null) throw noAgent(hop, null);
    return logIn(hop, dial(jump), this.agent, forget);
  }

  private drop(jump: SshServer, open: Open): void {
    if (this.open.get(jumpKey(jump)) === open) this.open.delete(jumpKey(jump));
    open.client.then(
      (client) => client.end(),
      () => undefined,
    );
  }
}

/** Alike for those who would have logged in alike. */
export function jumpKey({ address, port, user, hostKey, privateKey }: SshServer): string {
  const key = privateKey && createHash('sha256').update(privateKey.reveal()).digest('hex');
  return [address, port, user, hostKey, key ?? 'agent'].join('|');
}

function forward(client: ssh2.Client, host: HostTarget): Promise<ssh2.ClientChannel> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(unreachable(host, `the jump host did not connect it within ${READY_TIMEOUT_MS / 1000} s`));
    }, READY_TIMEOUT_MS);
    // What the connection is said to come from is only for the log of the server.
    client.forwardOut('127.0.0.1', 0, host.address, host.port, (error, channel) => {
      clearTimeout(timer);
      if (late) channel?.destroy();
      else if (error) reject(unreachable(host, `the jump host cannot connect it: ${error.message}`));
      else resolve(channel);
    });
  });
}
