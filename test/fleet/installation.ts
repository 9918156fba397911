import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { bootstrapPki } from '#ca-source';
import { RotationCommands, Secret } from '#engine';
import { type Installation, type InstallationConfig, openInstallation } from '#installation';
import {
  bootFleet,
  startTestPostgres,
  startVault,
  type TestFleet,
  type TestHost,
  type TestPostgres,
  type TestVault,
} from '#kit';
import type { NewFleet, NewHost } from '#persistence';
import { explain, type RotationState, statusOf } from '#rotation';
import { type ComposedGeneration, composeGeneration } from '#trust';
import { type RunningWorker, startWorker } from '../../apps/worker/src/worker.js';

export const PKI = {
  mount: 'pki',
  role: 'clients',
  commonName: 'Fleet client CA 1',
  ttlSeconds: 30 * 86_400,
};
const QUIET = {
  info: () => undefined,
  warn: () => undefined,
  error: (fields: object, message: string) => console.error(message, fields),
};

const LONGEST_ROTATION_MS = 120_000;

export interface InstallOptions {
  readonly hosts: number;
  readonly soakSeconds?: number;
  /** The queue lives in this Redis; in PostgreSQL when left out. */
  readonly redisUrl?: string;
  /** Anchors that the fleet trusts beside Vault's own. */
  readonly otherAnchorsPem?: readonly string[];
  /** The fleet checks revocation: its bundle holds the CRL of Vault's CA. */
  readonly withCrls?: boolean;
  /** No worker in this process: the test starts its own. */
  readonly withoutWorker?: boolean;
  /** What is recorded of a host. */
  readonly enrol?: (host: TestHost) => NewHost | Promise<NewHost>;
  /** The address that Windlass has for Vault, where the way there is not the straight one. */
  readonly wayToVault?: (address: string) => Promise<string>;
  /** What commands and worker have in place of their parts. */
  readonly alter?: (parts: Installation['parts']) => Installation['parts'];
  /** Of a server of the test's own; one that tests share when left out. */
  readonly databaseUrl?: string;
}

/** A whole Windlass on real parts: PostgreSQL, a queue, Vault, and a fleet of real hosts. */
export class TestInstallation {
  private constructor(
    readonly fleet: TestFleet,
    readonly vault: TestVault,
    private readonly postgres: Pick<TestPostgres, 'url' | 'close'>,
    readonly config: InstallationConfig,
    private installation: Installation,
    private worker: RunningWorker | null,
    private readonly alter: NonNullable<InstallOptions['alter']>,
    readonly fleetId: string,
  ) {}

  static async open(options: InstallOptions): Promise<TestInstallation> {
    const vault = await startVault();
    const root = await bootstrapPki(vault.address, vault.token, PKI);
    const anchorsPem = [root.certificatePem, ...(options.otherAnchorsPem ?? [])];
    const crlsPem = options.withCrls ? [await crlOf(vault)] : [];
    const bundle = composeGeneration({ anchorsPem, crlsPem, markerPem: null });
    const fleet = await bootFleet({ hosts: options.hosts, bundlePem: bundle.content });
    if (options.withCrls) for (const host of fleet.hosts) host.checkRevocation();
    const postgres = options.databaseUrl
      ? { url: options.databaseUrl, close: async () => undefined }
      : await startTestPostgres();
    const config: InstallationConfig = {
      databaseUrl: new Secret(postgres.url),
      redisUrl: options.redisUrl ? new Secret(options.redisUrl) : null,
      masterKey: new Secret(randomBytes(32).toString('base64')),
      masterKeyFile: '',
      // Tests put proxies between a worker and what it probes.
      probeRanges: ['127.0.0.0/8'],
      postgresDir: '',
    };
    const alter = options.alter ?? ((parts) => parts);
    const installation = await openAltered(config, alter);
    const address = (await options.wayToVault?.(vault.address)) ?? vault.address;
    const fleetId = await record(installation, { address, token: vault.token }, bundle, options.soakSeconds, {
      ...(options.withCrls ? { revocation: 'crl' as const } : {}),
    });
    const hosts = await Promise.all(fleet.hosts.map(options.enrol ?? newHost));
    await installation.records.hosts.addHosts(fleetId, hosts);
    const worker = options.withoutWorker ? null : await startWorker(installation, 10);
    return new TestInstallation(fleet, vault, postgres, config, installation, worker, alter, fleetId);
  }

  get commands(): Installation['commands'] {
    return this.installation.commands;
  }

  get schedules(): Installation['schedules'] {
    return this.installation.schedules;
  }

  get records(): Installation['records'] {
    return this.installation.records;
  }

  get parts(): Installation['parts'] {
    return this.installation.parts;
  }

  /** Starts a rotation of the fleet. */
  rotate(): Promise<string> {
    return this.commands.start({ fleetId: this.fleetId, requestedBy: 'test', reason: 'test' });
  }

  /** The live bundle of every host. */
  bundles(): string[] {
    return this.fleet.hosts.map((host) => host.readFile(`.${host.managedPath}`));
  }

  /** Waits until the rotation is in one of the statuses; fails with its explanation after two minutes. */
  until(rotationId: string, ...statuses: string[]): Promise<RotationState> {
    return this.reached(rotationId, (state) => statuses.includes(statusOf(state)));
  }

  /** Waits until `holds` does; fails with the explanation of the rotation as it ends, or after two minutes. */
  async reached(rotationId: string, holds: (state: RotationState) => boolean): Promise<RotationState> {
    for (const deadline = Date.now() + LONGEST_ROTATION_MS; ; await sleep(100)) {
      const state = await this.commands.read(rotationId);
      if (holds(state)) return state;
      if (state.ended || Date.now() > deadline) throw new Error(`${statusOf(state)}: ${explain(state)}`);
    }
  }

  /** Ends worker and connections, and opens both anew on the same database and queue. */
  async restart(): Promise<void> {
    await this.close();
    this.installation = await openAltered(this.config, this.alter);
    this.worker = await startWorker(this.installation, 10);
  }

  async stop(): Promise<void> {
    await this.close();
    await this.postgres.close();
    await this.fleet.stop();
    await this.vault.stop();
  }

  private async close(): Promise<void> {
    await this.worker?.stop();
    await this.installation.close();
  }
}

async function openAltered(
  config: InstallationConfig,
  alter: (parts: Installation['parts']) => Installation['parts'],
): Promise<Installation> {
  const installation = await openInstallation(config, QUIET);
  const parts = alter(installation.parts);
  const { fleets, rotations, journal, wakeups, clock } = parts;
  const commands = new RotationCommands(fleets, rotations, journal, wakeups, clock);
  return { ...installation, parts, commands };
}

/** Records a fleet without hosts; returns its id. */
export async function record(
  { records }: Pick<Installation, 'records'>,
  { address, token }: Pick<TestVault, 'address' | 'token'>,
  generation: ComposedGeneration,
  soakSeconds = 1,
  { name = 'edge', revocation = 'none' }: Partial<Pick<NewFleet, 'name' | 'revocation'>> = {},
): Promise<string> {
  const { mount, role } = PKI;
  const { id } = await records.fleets.createFleet({
    name,
    soakSeconds,
    revocation,
    contractWhen: 'soaked',
    clientLog: null,
    canaryHosts: 1,
    caTtlSeconds: 86_400,
    issuingCa: { kind: 'vault', address, namespace: '', mount, role, token, serverCaPem: null },
    generation: { ...generation, marker: null },
  });
  return id;
}

/** The CRL of the default issuer of the PKI as it is now. */
export async function crlOf({ address, token }: Pick<TestVault, 'address' | 'token'>): Promise<string> {
  const headers = { 'X-Vault-Token': token.reveal() };
  const answer = await fetch(`${address}/v1/${PKI.mount}/issuer/default/crl/pem`, { headers });
  return answer.text();
}

export function newHost(host: TestHost): NewHost {
  return {
    name: host.name,
    address: host.address,
    port: host.sshPort,
    user: host.user,
    hostKey: host.hostKey,
    privateKey: new Secret(host.privateKey),
    managedPaths: [host.managedPath],
    nginxBinary: 'nginx',
    probeTargets: [{ address: host.address, port: host.httpsPort, serverName: 'edge.test', path: '/' }],
  };
}
