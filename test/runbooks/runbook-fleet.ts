import { bootstrapPki } from '#ca-source';
import type { HostTarget } from '#engine';
import { makeCa, type TestHost } from '#kit';
import { anchorId, anchorsOf, digestOf, parseBundle } from '#trust';
import type { ApiOptions, Reply } from '../e2e/running-api.js';
import { ServedFleet } from '../e2e/served-fleet.js';
import { CaStrikes } from './ca-strikes.js';
import { Strikes } from './strikes.js';
import { VaultFront } from './vault-front.js';

type Body = Record<string, unknown>;

export interface RunbookFleetOptions {
  /** Two when left out: one that is well, and one that is struck. */
  readonly hosts?: number;
  /** Anchors beside the one that issues; each is good for one distrust. */
  readonly spareAnchors?: number;
  readonly api?: ApiOptions;
  /** Recorded of the fleet, and of its last host. */
  readonly fleet?: Body;
  readonly host?: (host: TestHost) => Body;
  /** Whether Vault is reached through TLS and a network that things happen to. */
  readonly fronted?: boolean;
  /** Done to the last host before it is enrolled. */
  readonly prepare?: (host: TestHost) => unknown;
}

/** A served fleet whose last host things happen to, while it is rotated. */
export class RunbookFleet {
  private constructor(
    readonly served: ServedFleet,
    readonly strikes: Strikes,
    readonly caStrikes: CaStrikes,
    /** Null where Vault is reached directly. */
    readonly front: VaultFront | null,
    readonly fleetId: string,
    readonly fleetName: string,
    readonly options: RunbookFleetOptions,
    private readonly spare: string[],
  ) {}

  static async open(options: RunbookFleetOptions = {}): Promise<RunbookFleet> {
    const { hosts = 2, spareAnchors = 0, fleet = {}, prepare, host = () => ({}), api = {} } = options;
    const spare: string[] = [];
    for (let made = 0; made < spareAnchors; made += 1) {
      spare.push((await makeCa({ commonName: `Spare CA ${made}` })).certificatePem);
    }
    const served = await ServedFleet.open(hosts, api, async ({ address, token }) => {
      const root = { mount: 'pki', role: 'clients', commonName: 'Served client CA' };
      const { certificatePem } = await bootstrapPki(address, token, { ...root, ttlSeconds: 30 * 86_400 });
      return { anchorsPem: [certificatePem, ...spare] };
    });
    const last = lastOf(served);
    await prepare?.(last);
    const front = options.fronted ? await VaultFront.open(served.vault.address) : null;
    const issuingCa = front ? { address: front.address, serverCaPem: front.caPem } : {};
    const fleetId = await served.record({ contractWhen: 'soaked', issuingCa, ...fleet }, host(last));
    const { name } = (await served.api.call('GET', `/v1/fleets/${fleetId}`)).body;
    const { parts } = served.api.installation;
    const strikes = [new Strikes(parts.hosts), new CaStrikes(parts.ca)] as const;
    return new RunbookFleet(served, ...strikes, front, fleetId, name, options, spare);
  }

  /** The host that is struck. */
  get host(): TestHost {
    return lastOf(this.served);
  }

  /** Asks for a rotation of the fleet; returns its id. */
  async rotate(over: Body = {}): Promise<string> {
    const body = { fleetId: this.fleetId, ...over };
    const reply = await this.served.api.call('POST', '/v1/rotations', { body });
    if (reply.status !== 202) throw new Error(`not begun: ${reply.text}`);
    return reply.body.id;
  }

  /** Takes one of the spare anchors from the fleet. */
  distrust(): Promise<string> {
    const pem = this.spare.pop();
    const [anchor] = anchorsOf(parseBundle(pem ?? ''));
    if (anchor === undefined) throw new Error('the fleet has no spare anchor left');
    return this.rotate({
      strategy: 'distrust',
      anchors: [anchorId(anchor)],
      reason: 'its backup was stolen',
    });
  }

  async abort(rotationId: string): Promise<void> {
    const sent = { body: { reason: 'not tonight' }, headers: { 'If-Match': '*' } };
    await this.served.api.call('POST', `/v1/rotations/${rotationId}:abort`, sent);
  }

  /** The rotation once it is blocked, or paused, by the code. */
  stands(rotationId: string, code: string, how: 'blocked' | 'paused'): Promise<Reply['body']> {
    return this.served.until(rotationId, ({ status, blocks, paused }) => {
      const standing = how === 'paused' ? [paused].filter((one) => one !== null) : blocks;
      const codes = standing.map(({ reason }: Reply['body']) => reason.code);
      return status === how && codes.includes(code);
    });
  }

  /** As the worker has it. */
  async hostTarget(): Promise<HostTarget> {
    const { hosts } = await this.served.api.installation.parts.fleets.fleet(this.fleetId);
    const found = hosts.find(({ name }) => name === this.host.name);
    if (found === undefined) throw new Error(`${this.host.name} is not recorded`);
    return found;
  }

  /** The connections that the worker has to the host are cut, on the host. */
  cutConnections(): void {
    this.host.exec('for pid in $(pgrep -f \'^sshd: .*@notty\'); do kill "$pid"; done');
  }

  async stop(): Promise<void> {
    await this.front?.stop();
    await this.served.stop();
  }
}

/** SHA-256 of the bundle that lies on the host. */
export const bundleDigest = (host: TestHost) => digestOf(host.readFile(`.${host.managedPath}`));

function lastOf({ hosts }: ServedFleet): TestHost {
  const host = hosts.at(-1);
  if (host === undefined) throw new Error('there is no host');
  return host;
}
