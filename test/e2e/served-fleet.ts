import { setTimeout as sleep } from 'node:timers/promises';
import { bootstrapPki } from '#ca-source';
import { bootFleet, startVault, type TestFleet, type TestHost, type TestVault } from '#kit';
import { composeGeneration } from '#trust';
import { type RunningWorker, startWorker } from '../../apps/worker/src/worker.js';
import { callApi } from '../conformance/ca-source.backends.js';
import { type ApiOptions, type Reply, type RunningApi, runApi } from './running-api.js';

const MOUNT = 'pki';
const ROLE = 'clients';
const LONGEST_MS = 120_000;

type Body = Record<string, unknown>;

/** API and worker over real hosts and a real Vault; fleets are recorded and rotated over HTTP only. */
export class ServedFleet {
  private count = 0;

  private constructor(
    readonly api: RunningApi,
    readonly vault: TestVault,
    readonly fleet: TestFleet,
    private readonly bundlePem: string,
    private readonly worker: RunningWorker,
  ) {}

  /**
   * `setUp` makes the PKI at mount `pki` with the role `clients`, a root when left out. With CRLs the hosts check
   * revocation, by the file of the bundle, and keep TLS sessions over a reload.
   */
  static async open(
    hosts: number,
    options: ApiOptions = {},
    setUp: (vault: TestVault) => Promise<ServedTrust> = oneRoot,
  ): Promise<ServedFleet> {
    const vault = await startVault();
    const trust = await setUp(vault);
    const { content } = composeGeneration({ ...trust, markerPem: null });
    const fleet = await bootFleet({ hosts, bundlePem: content });
    if (trust.crlsPem) for (const host of fleet.hosts) host.checkRevocation();
    const api = await runApi(options);
    return new ServedFleet(
      api,
      vault,
      fleet,
      content,
      await startWorker(api.installation, 10, options.measure),
    );
  }

  get hosts(): readonly TestHost[] {
    return this.fleet.hosts;
  }

  /** The live bundle of every host. */
  bundles(): string[] {
    return this.hosts.map((host) => host.readFile(`.${host.managedPath}`));
  }

  /** Records a fleet of all hosts; `over` changes the fleet, `hostOver` its last host. Returns its id. */
  async record(over: Body = {}, hostOver: Body = {}): Promise<string> {
    this.count += 1;
    const { issuingCa, ...others } = over;
    const fleet = await this.api.call('POST', '/v1/fleets', {
      body: {
        ...{ name: `served-${this.count}`, soakSeconds: 0, caTtlSeconds: 86_400, bundlePem: this.bundlePem },
        issuingCa: {
          ...{ address: this.vault.address, mount: MOUNT, role: ROLE, token: this.vault.token.reveal() },
          ...(issuingCa as Body | undefined),
        },
        ...others,
      },
    });
    const last = this.hosts.length - 1;
    const hosts = this.hosts.map((host, index) => ({
      ...hostBody(host),
      ...(index === last ? hostOver : {}),
    }));
    const enrolled = await this.api.call('POST', `/v1/fleets/${fleet.body.id}/hosts`, { body: { hosts } });
    if (enrolled.status !== 201) throw new Error(`not recorded: ${fleet.text} ${enrolled.text}`);
    return fleet.body.id;
  }

  /** A request to Vault as its administrator makes it. */
  askVault(method: string, path: string, body?: object) {
    return callApi(this.vault, method, path, body);
  }

  /** Takes every host out of the fleet, so that another one can have them. */
  async disband(fleetId: string): Promise<void> {
    const path = `/v1/fleets/${fleetId}/hosts`;
    for (const { id } of (await this.api.call('GET', path)).body.items) {
      await this.api.call('DELETE', `${path}/${id}`);
    }
  }

  /** The rotation as the API shows it, once `reached` says so. */
  async until(rotationId: string, reached: (rotation: Reply['body']) => boolean): Promise<Reply['body']> {
    for (const deadline = Date.now() + LONGEST_MS; ; await sleep(50)) {
      const { body } = await this.api.call('GET', `/v1/rotations/${rotationId}`);
      if (reached(body)) return body;
      if (body.endedAt !== null || Date.now() > deadline)
        throw new Error(`${body.status}: ${body.explanation}`);
    }
  }

  ended(rotationId: string): Promise<Reply['body']> {
    return this.until(rotationId, ({ endedAt }) => endedAt !== null);
  }

  async stop(): Promise<void> {
    await this.worker.stop();
    await this.api.stop();
    await this.fleet.stop();
    await this.vault.stop();
  }
}

/** What the hosts trust at first. */
interface ServedTrust {
  readonly anchorsPem: readonly string[];
  readonly crlsPem?: readonly string[];
}

async function oneRoot(vault: TestVault): Promise<ServedTrust> {
  return { anchorsPem: [(await newRoot(vault)).certificatePem] };
}

/** With its CRL. */
export async function oneRevokingRoot(vault: TestVault): Promise<ServedTrust> {
  const root = await newRoot(vault);
  const { data } = await callApi(vault, 'GET', `${MOUNT}/issuer/${root.issuerId}/crl`);
  return { anchorsPem: [root.certificatePem], crlsPem: [String(data.crl)] };
}

function newRoot(vault: TestVault) {
  const blueprint = { mount: MOUNT, role: ROLE, commonName: 'Served client CA', ttlSeconds: 30 * 86_400 };
  return bootstrapPki(vault.address, vault.token, blueprint);
}

export function hostBody(host: TestHost): Body {
  const { name, address, sshPort: port, user, hostKey, privateKey, managedPath } = host;
  const probeTargets = [{ address, port: host.httpsPort, serverName: 'edge.test', path: '/' }];
  return { name, address, port, user, hostKey, privateKey, managedPaths: [managedPath], probeTargets };
}
