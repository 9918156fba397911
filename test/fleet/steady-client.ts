import { type ProbeAnswer, Secret } from '#engine';
import type { TestCa, TestHost } from '#kit';
import { TlsProbe } from '#probe';

/** A client that asks again and again, by a new connection each time, and remembers who refused it. */
export class SteadyClient {
  readonly refusals: ProbeAnswer[] = [];
  served = 0;
  private going = true;
  private readonly done: Promise<void>;

  private constructor(ask: () => Promise<ProbeAnswer>) {
    this.done = this.run(ask);
  }

  static async of(ca: TestCa, host: TestHost, ports: readonly number[]): Promise<SteadyClient> {
    const { certificatePem, privateKeyPem } = await ca.issueClient({ commonName: 'steady client' });
    const identity = { certificatePem, chainPem: '', privateKey: new Secret(privateKeyPem) };
    const probe = new TlsProbe();
    let asked = 0;
    return new SteadyClient(() => {
      asked += 1;
      const port = ports[asked % ports.length] ?? host.httpsPort;
      return probe.ask({ address: host.address, port, serverName: 'edge.test', path: '/' }, identity);
    });
  }

  async stop(): Promise<void> {
    this.going = false;
    await this.done;
  }

  private async run(ask: () => Promise<ProbeAnswer>): Promise<void> {
    while (this.going) {
      const answer = await ask();
      if (answer.kind === 'http' && answer.status === 200) this.served += 1;
      else this.refusals.push(answer);
    }
  }
}
