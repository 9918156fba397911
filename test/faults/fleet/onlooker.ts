import { setTimeout as sleep } from 'node:timers/promises';
import { type ProbeIdentity, Secret } from '#engine';
import type { TestHost, TestVault } from '#kit';
import { TlsProbe } from '#probe';
import { PKI } from '../../fleet/installation.js';

const LOOK_EVERY_MS = 50;
/** Much longer than the 100 ms for which nginx lets old and new workers accept side by side when it reloads. */
const RELOAD_MS = 2_000;
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

/** One look at one host. */
interface Look {
  readonly host: string;
  /** What the client of the old CA was told. */
  readonly verdict: string;
  /** The generation that the host served right behind that. */
  readonly served: string;
  /** Vault issued from another CA than at the beginning, before this look. */
  readonly switched: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * What must never be seen: the client of the old CA refused by a host that has not dropped it, Vault on the new CA
 * while a host trusts only the old one, a host on the old bundle after another one has dropped the old CA.
 */
function complaintsAbout(looks: readonly Look[], old: string, end: string): readonly string[] {
  const dropped = (served: string) => served === end && end !== old;
  const firstDrop = looks.findIndex(({ served }) => dropped(served));
  return looks.flatMap((look, index) => {
    const says = (when: boolean, what: string) => (when ? [`${look.host} on ${look.served}: ${what}`] : []);
    // While nginx reloads, the worker that refused need not be the one that was seen right behind it.
    const later = looks.slice(index + 1).filter(({ host }) => host === look.host);
    const dropping =
      later.length === 0
        ? dropped(end)
        : later.some(({ at, served }) => dropped(served) && at - look.at < RELOAD_MS);
    const refused = look.verdict !== '200' && look.verdict !== 'no-answer';
    const onOld = look.served === old;
    return [
      ...says(refused && !dropped(look.served) && !dropping, `the old client got ${look.verdict}`),
      ...says(onOld && look.switched, 'Vault issues from the new CA, which this host does not trust'),
      ...says(onOld && firstDrop >= 0 && index > firstDrop, 'another host has dropped the old CA already'),
    ];
  });
}

/** Somebody who knows nothing of Windlass and asks hosts and Vault all the time, as a client of the old CA. */
export class Onlooker {
  private readonly looks: Look[] = [];
  private on = true;
  private readonly watching: Promise<void>;

  private constructor(
    private readonly hosts: readonly [TestHost, ...TestHost[]],
    private readonly vault: TestVault,
    private readonly client: ProbeIdentity,
    private readonly oldIssuer: string,
    private readonly old: string,
  ) {
    this.watching = this.watch();
  }

  static async begin([first, ...others]: readonly TestHost[], vault: TestVault): Promise<Onlooker> {
    if (!first) throw new Error('no host to look at');
    const client = await issueClient(vault);
    return new Onlooker([first, ...others], vault, client, await defaultIssuer(vault), await served(first));
  }

  /** Looks no more, and says what it has seen that must never be. The hosts serve by now what the rotation came to. */
  async end(): Promise<readonly string[]> {
    this.on = false;
    await this.watching;
    return complaintsAbout(this.looks, this.old, await served(this.hosts[0]));
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
    if (now !== 'away') this.looks.push({ host: host.name, verdict, served: now, switched, at: Date.now() });
  }
}
