import { setTimeout as sleep } from 'node:timers/promises';
import { type ProbeIdentity, Secret } from '#engine';
import type { TestHost, TestVault } from '#kit';
import { TlsProbe } from '#probe';
import { PKI } from '../../fleet/installation.js';

const LOOK_EVERY_MS = 50;
const probe = new TlsProbe();

const targetOf = ({ address, httpsPort: port }: TestHost) => ({
  ...{ address, port, serverName: 'edge.test', path: '/' },
});

/** A client as users have them: whatever CA Vault issues from at present. */
export async function issueClient({ address, token }: TestVault): Promise<ProbeIdentity> {
  const reply = await fetch(`${address}/v1/${PKI.mount}/issue/${PKI.role}`, {
    method: 'PUT',
    headers: { 'X-Vault-Token': token.reveal() },
    body: JSON.stringify({ common_name: 'a-client.test', ttl: '1h' }),
  });
  if (!reply.ok) throw new Error(await reply.text());
  const { data } = (await reply.json()) as { data: { certificate: string; private_key: string } };
  return { certificatePem: data.certificate, chainPem: '', privateKey: new Secret(data.private_key) };
}

/** What nginx says to the client: its status, or how it was refused. */
export async function verdictOf(host: TestHost, client: ProbeIdentity): Promise<string> {
  const answer = await probe.ask(targetOf(host), client);
  return answer.kind === 'http' ? String(answer.status) : answer.kind;
}

/** The generation whose marker the workers of the host show to anybody; `unmarked`, or `away` without an answer. */
export async function served(host: TestHost): Promise<string> {
  const names = await probe.servedCaNames(targetOf(host)).catch(() => null);
  if (names === null) return 'away';
  const [marker = 'unmarked'] = names.filter((name) => name.startsWith('CN=windlass '));
  return marker;
}

/** The issuer that Vault issues from by default. */
export async function defaultIssuer({ address, token }: TestVault): Promise<string> {
  const reply = await fetch(`${address}/v1/${PKI.mount}/config/issuers`, {
    headers: { 'X-Vault-Token': token.reveal() },
  });
  const { data } = (await reply.json()) as { data: { default: string } };
  return data.default;
}

/**
 * Somebody who knows nothing of Windlass and asks hosts and Vault all the time, as a client of the old CA. It
 * notes what must never be: that client refused while its host still serves the old CA's trust, Vault on the new
 * CA while a host trusts only the old one, a host on the old bundle after another one has dropped the old CA.
 */
export class Onlooker {
  readonly complaints: string[] = [];
  private readonly generations: string[] = [];
  private on = true;
  private readonly watching: Promise<void>;

  private constructor(
    private readonly hosts: readonly TestHost[],
    private readonly vault: TestVault,
    private readonly client: ProbeIdentity,
    private readonly oldIssuer: string,
    private readonly old: string,
  ) {
    this.watching = this.watch();
  }

  static async begin(hosts: readonly TestHost[], vault: TestVault): Promise<Onlooker> {
    const [first] = hosts;
    if (!first) throw new Error('no host to look at');
    return new Onlooker(
      hosts,
      vault,
      await issueClient(vault),
      await defaultIssuer(vault),
      await served(first),
    );
  }

  async end(): Promise<readonly string[]> {
    this.on = false;
    await this.watching;
    return this.complaints;
  }

  private async watch(): Promise<void> {
    while (this.on) {
      const switched = (await defaultIssuer(this.vault)) !== this.oldIssuer;
      for (const host of this.hosts) await this.lookAt(host, switched);
      await sleep(LOOK_EVERY_MS);
    }
  }

  private async lookAt(host: TestHost, switched: boolean): Promise<void> {
    const verdict = await verdictOf(host, this.client);
    const now = await served(host);
    if (now === 'away') return;
    if (!this.generations.includes(now)) this.generations.push(now);
    // The old bundle, the overlap, the new one: in this order they are seen first.
    const last = this.generations.indexOf(now) === 2;
    const says = (what: string) => this.complaints.push(`${host.name} on ${now}: ${what}`);
    if (verdict !== '200' && verdict !== 'no-answer' && !last) says(`the old client got ${verdict}`);
    if (now !== this.old) return;
    if (switched) says('Vault issues from the new CA, which this host does not trust');
    if (this.generations.length > 2) says('another host has dropped the old CA already');
  }
}
