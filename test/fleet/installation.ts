import { randomBytes } from 'node:crypto';
import { bootstrapPki, VaultCaSource } from '#ca-source';
import { OpensslChainVerifier, X509Mint } from '#certificates';
import { RotationCommands, Secret, type Wakeups } from '#engine';
import { SshHostGateway } from '#host';
import { bootFleet, startTestPostgres, startVault, type TestFleet } from '#kit';
import {
  FleetRecords,
  HostRecords,
  migrate,
  openDataSource,
  PostgresFleetStore,
  PostgresJournal,
  PostgresRotationStore,
  SampleRecords,
} from '#persistence';
import { MasterKey, SealedBox, SystemClock } from '#platform';
import { TlsProbe } from '#probe';
import { type RotationState, replay, statusOf } from '#rotation';
import { composeGeneration } from '#trust';
import { type RunningWorker, startWorker, type WorkerParts } from '../../apps/worker/src/worker.js';

export const PKI = {
  mount: 'pki',
  role: 'clients',
  commonName: 'Fleet client CA 1',
  ttlSeconds: 30 * 86_400,
};
const QUIET = {
  info: () => undefined,
  error: (fields: Record<string, unknown>, message: string) => console.error(message, fields),
};

/** A whole Windlass on real parts: PostgreSQL, a queue, Vault, and a fleet of real hosts. */
export interface Installation {
  readonly fleet: TestFleet;
  readonly fleetId: string;
  readonly vault: Awaited<ReturnType<typeof startVault>>;
  readonly ca: VaultCaSource;
  readonly parts: WorkerParts;
  readonly commands: RotationCommands;
  readonly samples: SampleRecords;
  readonly url: string;
  /** Waits until the rotation is in one of the statuses; fails with its explanation after two minutes. */
  until(rotationId: string, ...statuses: string[]): Promise<RotationState>;
  stop(): Promise<void>;
}

export async function install(
  options: { hosts: number; soakSeconds?: number },
  queue: (url: string) => Promise<Wakeups>,
): Promise<Installation> {
  const vault = await startVault();
  const { token } = vault;
  const root = await bootstrapPki(vault.address, token, PKI);
  const bundle = composeGeneration({ anchorsPem: [root.certificatePem], markerPem: null });
  const fleet = await bootFleet({ hosts: options.hosts, bundlePem: bundle.content });
  const postgres = await startTestPostgres();
  const dataSource = await openDataSource(postgres.url);
  await migrate(dataSource);
  const box = new SealedBox(new MasterKey(randomBytes(32).toString('base64'), 'the test'));
  const fleets = new PostgresFleetStore(dataSource, box);
  const rotations = new PostgresRotationStore(dataSource, box);
  const journal = new PostgresJournal(dataSource);
  const wakeups = await queue(postgres.url);
  const clock = new SystemClock();
  const ca = new VaultCaSource();
  const hosts = new SshHostGateway();
  const { id: fleetId } = await new FleetRecords(dataSource, box).createFleet({
    name: 'edge',
    soakSeconds: options.soakSeconds ?? 1,
    canaryHosts: 1,
    caTtlSeconds: 86_400,
    issuingCa: {
      address: vault.address,
      namespace: '',
      mount: PKI.mount,
      role: PKI.role,
      token,
      serverCaPem: null,
    },
    generation: bundle,
  });
  await new HostRecords(dataSource, box).addHosts(
    fleetId,
    fleet.hosts.map((host) => ({
      name: host.name,
      address: host.address,
      port: host.sshPort,
      user: host.user,
      hostKey: host.hostKey,
      privateKey: new Secret(host.privateKey),
      managedPaths: [host.managedPath],
      nginxBinary: 'nginx',
      probeTargets: [{ address: host.address, port: host.httpsPort, serverName: 'edge.test', path: '/' }],
    })),
  );
  const parts: WorkerParts = {
    fleets,
    rotations,
    journal,
    wakeups,
    clock,
    ca,
    hosts,
    probe: new TlsProbe(),
    verifier: new OpensslChainVerifier(),
    mint: new X509Mint(),
    log: QUIET,
  };
  const worker: RunningWorker = await startWorker(parts);
  return {
    fleet,
    fleetId,
    vault,
    ca,
    parts,
    url: postgres.url,
    commands: new RotationCommands(fleets, rotations, journal, wakeups, clock),
    samples: new SampleRecords(dataSource, box),
    until: (rotationId, ...statuses) => until(parts, rotationId, statuses),
    stop: async () => {
      await worker.stop();
      await hosts.close();
      await journal.close();
      await dataSource.destroy();
      await postgres.close();
      await fleet.stop();
      await vault.stop();
    },
  };
}

async function until(
  { journal, clock }: WorkerParts,
  rotationId: string,
  statuses: readonly string[],
): Promise<RotationState> {
  const deadline = clock.now() + 120_000;
  for (;;) {
    const state = replay(await journal.read(rotationId));
    if (state && statuses.includes(statusOf(state))) return state;
    if (state?.ended || clock.now() > deadline) {
      throw new Error(
        `rotation is ${state ? statusOf(state) : 'unknown'}: ${JSON.stringify(state?.ended ?? state?.paused)}`,
      );
    }
    await clock.sleep(100);
  }
}
