import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IssuedLeaf } from '#engine';

export interface LoadOptions {
  readonly targets: readonly { readonly address: string; readonly port: number }[];
  readonly serverName: string;
  readonly clients: number;
  /** Pause of one client between two requests, in milliseconds. */
  readonly pauseMs: number;
  /** How often a client gets itself a new certificate, in milliseconds. */
  readonly renewEveryMs: number;
  readonly issue: (commonName: string) => Promise<IssuedLeaf>;
}

export interface LoadCount {
  /** Requests that got an answer or a refusal. */
  readonly total: number;
  /** A TLS alert, a status other than 200, or no connection: what nobody in good standing may ever see. */
  readonly refused: number;
  /** Idle keep-alive connections that closed under a request; the request was sent again on a new one. */
  readonly resent: number;
  readonly renewed: number;
  /** What the first refusal said, or null. */
  readonly firstRefusal: string | null;
}

/** Clients in good standing that never stop asking: TLS 1.2 and 1.3, new connections and kept ones. */
export class ClientLoad {
  private stopping = false;
  private loops: Promise<void>[] = [];
  private counted = { total: 0, refused: 0, resent: 0, renewed: 0, firstRefusal: null as string | null };

  constructor(private readonly options: LoadOptions) {}

  get count(): LoadCount {
    return this.counted;
  }

  /** Returns when every client has its first certificate. */
  async start(): Promise<void> {
    const { clients, issue, renewEveryMs } = this.options;
    const first = await Promise.all(
      Array.from({ length: clients }, (_, index) => issue(`client-${index + 1}`)),
    );
    this.loops = first.map((leaf, index) =>
      this.run(index, leaf, Date.now() + (renewEveryMs * (index + 1)) / clients),
    );
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.loops);
  }

  private async run(index: number, firstLeaf: IssuedLeaf, firstRenewal: number): Promise<void> {
    const { targets, pauseMs, renewEveryMs, issue } = this.options;
    let agent = this.agentFor(index, firstLeaf);
    let renewAt = firstRenewal;
    for (let turn = index; !this.stopping; turn += 1) {
      if (Date.now() >= renewAt) {
        const renewed = await issue(`client-${index + 1}`).catch(() => null);
        if (renewed) {
          agent.destroy();
          agent = this.agentFor(index, renewed);
          this.counted.renewed += 1;
          renewAt = Date.now() + renewEveryMs;
        }
      }
      const target = targets[turn % targets.length];
      if (target) await this.ask(agent, target);
      await sleep(pauseMs);
    }
    agent.destroy();
  }

  private agentFor(index: number, leaf: IssuedLeaf): Agent {
    return new Agent({
      keepAlive: index % 2 === 0,
      cert: `${leaf.certificatePem}\n${leaf.chainPem}`,
      key: leaf.privateKey.reveal(),
      servername: this.options.serverName,
      maxVersion: index % 3 === 0 ? 'TLSv1.2' : 'TLSv1.3',
      // The demo's servers have throwaway certificates. What is on trial is whom the servers trust.
      rejectUnauthorized: false,
    });
  }

  private async ask(agent: Agent, target: { address: string; port: number }): Promise<void> {
    let answer = await get(agent, target, this.options.serverName);
    if (answer === 'connection-closed') {
      this.counted.resent += 1;
      answer = await get(agent, target, this.options.serverName);
    }
    this.counted.total += 1;
    if (answer === 'ok') return;
    this.counted.refused += 1;
    this.counted.firstRefusal ??= `${target.address}: ${answer}`;
  }
}

function get(agent: Agent, target: { address: string; port: number }, serverName: string): Promise<string> {
  return new Promise((resolve) => {
    const asked = request(
      {
        agent,
        host: target.address,
        port: target.port,
        path: '/',
        timeout: 10_000,
        headers: { host: serverName },
      },
      (response) => {
        response.resume();
        response.once('end', () =>
          resolve(response.statusCode === 200 ? 'ok' : `status ${response.statusCode}`),
        );
        response.once('error', (error) => resolve(error.message));
      },
    );
    asked.once('timeout', () => asked.destroy(new Error('no answer within 10 s')));
    asked.once('error', (error: NodeJS.ErrnoException) => {
      const closed = asked.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      resolve(closed ? 'connection-closed' : error.message);
    });
    asked.end();
  });
}
