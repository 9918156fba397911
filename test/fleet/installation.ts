import { randomBytes } from 'node:crypto';
import { bootstrapPki } from '#ca-source';
import { Secret } from '#engine';
import { type Installation, openInstallation } from '#installation';
import { bootFleet, startTestPostgres, startVault, type TestFleet, type TestVault } from '#kit';
import { type RotationState, statusOf } from '#rotation';
import { composeGeneration } from '#trust';
import { startWorker } from '../../apps/worker/src/worker.js';

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

/** A whole Windlass on real parts: PostgreSQL, a queue, Vault, and a fleet of real hosts. */
export interface TestInstallation extends Pick<Installation, 'commands' | 'records' | 'parts'> {
  readonly fleet: TestFleet;
  readonly fleetId: string;
  readonly vault: TestVault;
  readonly databaseUrl: string;
  /** Waits until the rotation is in one of the statuses; fails with its explanation after two minutes. */
  until(rotationId: string, ...statuses: string[]): Promise<RotationState>;
  stop(): Promise<void>;
}

export async function install(options: {
  hosts: number;
  soakSeconds?: number;
  redisUrl?: string;
}): Promise<TestInstallation> {
  const vault = await startVault();
  const { token } = vault;
  const root = await bootstrapPki(vault.address, token, PKI);
  const bundle = composeGeneration({ anchorsPem: [root.certificatePem], markerPem: null });
  const fleet = await bootFleet({ hosts: options.hosts, bundlePem: bundle.content });
  const postgres = await startTestPostgres();
  const installation = await openInstallation(
    {
      databaseUrl: new Secret(postgres.url),
      redisUrl: options.redisUrl ? new Secret(options.redisUrl) : null,
      masterKey: new Secret(randomBytes(32).toString('base64')),
      masterKeyFile: '',
      postgresDir: '',
    },
    QUIET,
  );
  const { records, parts, commands } = installation;
  const { id: fleetId } = await records.fleets.createFleet({
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
  await records.hosts.addHosts(
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
  const worker = await startWorker(installation, 10);
  return {
    commands,
    records,
    parts,
    fleet,
    fleetId,
    vault,
    databaseUrl: postgres.url,
    until: (rotationId, ...statuses) => until(installation, rotationId, statuses),
    stop: async () => {
      await worker.stop();
      await installation.close();
      await postgres.close();
      await fleet.stop();
      await vault.stop();
    },
  };
}

async function until(
  { commands, parts: { clock } }: Installation,
  rotationId: string,
  statuses: readonly string[],
): Promise<RotationState> {
  const deadline = clock.now() + 120_000;
  for (;;) {
    const state = await commands.read(rotationId);
    if (statuses.includes(statusOf(state))) return state;
    if (state.ended || clock.now() > deadline) {
      throw new Error(`rotation is ${statusOf(state)}: ${JSON.stringify(state.ended ?? state.paused)}`);
    }
    await clock.sleep(100);
  }
}
