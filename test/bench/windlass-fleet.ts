import { randomBytes } from 'node:crypto';
import { bootstrapPki, type PkiSandbox, startPkiSandbox } from '#ca-source';
import { type JournalEntry, Secret } from '#engine';
import {
  type Installation,
  type InstallationConfig,
  type Instruments,
  openInstallation,
} from '#installation';
import { startTestPostgres, type TestFleet, type TestPostgres } from '#kit';
import { composeGeneration } from '#trust';
import { type RunningWorker, startWorker } from '../../apps/worker/src/worker.js';
import { journalAtEnd } from './rotation-end.js';

/** The CA of every fleet that is measured. */
export const PKI = { mount: 'pki', role: 'clients', commonName: 'Bench client CA', ttlSeconds: 30 * 86_400 };
/** Each look reads the journal, and is no part of what is measured. */
const PATIENCE = { lookEveryMs: 1_000, longestMs: 300_000 };
const QUIET = {
  info: () => undefined,
  warn: () => undefined,
  error: (fields: object, message: string) => console.error(message, fields),
};

interface Running {
  readonly installation: Installation;
  readonly worker: RunningWorker;
}

/** One whole Windlass over a fleet: PostgreSQL, queue, worker and the PKI sandbox; as in production, but in one process. */
export class WindlassFleet {
  private constructor(
    readonly postgres: TestPostgres,
    private readonly sandbox: PkiSandbox,
    private readonly fleetId: string,
    private readonly config: InstallationConfig,
    private running: Running,
  ) {}

  get installation(): Installation {
    return this.running.installation;
  }

  /** The PKI has to be there before the fleet boots: its root is what the hosts trust at first. */
  static async startPki(): Promise<{ sandbox: PkiSandbox; token: Secret; bundlePem: string }> {
    const token = new Secret(randomBytes(16).toString('hex'));
    const sandbox = await startPkiSandbox({ token });
    const root = await bootstrapPki(sandbox.address, token, PKI);
    const { content } = composeGeneration({ anchorsPem: [root.certificatePem], markerPem: null });
    return { sandbox, token, bundlePem: content };
  }

  static async open(
    fleet: TestFleet,
    { sandbox, token, bundlePem }: Awaited<ReturnType<typeof WindlassFleet.startPki>>,
  ): Promise<WindlassFleet> {
    const postgres = await startTestPostgres();
    const masterKey = new Secret(randomBytes(32).toString('base64'));
    const config = {
      databaseUrl: new Secret(postgres.url),
      redisUrl: null,
      masterKey,
      masterKeyFile: '',
      postgresDir: '',
    };
    const running = await run(config, {});
    const { installation } = running;
    const { id } = await installation.records.fleets.createFleet({
      ...{
        name: 'bench',
        soakSeconds: 0,
        contractWhen: 'soaked' as const,
        clientLog: null,
        canaryHosts: 1,
        caTtlSeconds: 86_400,
      },
      issuingCa: { kind: 'vault', ...PKI, address: sandbox.address, namespace: '', token, serverCaPem: null },
      generation: { ...composeGeneration({ anchorsPem: [bundlePem], markerPem: null }), marker: null },
    });
    await installation.records.hosts.addHosts(
      id,
      fleet.hosts.map(({ name, address, sshPort, user, hostKey, privateKey, managedPath, httpsPort }) => ({
        ...{ name, address, port: sshPort, user, hostKey, privateKey: new Secret(privateKey) },
        ...{ managedPaths: [managedPath], nginxBinary: 'nginx' },
        probeTargets: [{ address, port: httpsPort, serverName: 'edge.test', path: '/' }],
      })),
    );
    return new WindlassFleet(postgres, sandbox, id, config, running);
  }

  /** Carries one rotation to its end and returns its journal. Rejects when it ends otherwise than it should. */
  async rotate(expected: 'succeeded' | 'reverted' = 'succeeded'): Promise<readonly JournalEntry[]> {
    const { commands } = this.installation;
    const rotationId = await commands.start({ fleetId: this.fleetId, requestedBy: 'bench', reason: 'bench' });
    return journalAtEnd(this.installation, rotationId, expected, PATIENCE);
  }

  /** The same fleet in the same database, by a worker that is followed by these. */
  async reopen(instruments: Partial<Instruments>): Promise<void> {
    await end(this.running);
    this.running = await run(this.config, instruments);
  }

  async stop(): Promise<void> {
    await end(this.running);
    await this.postgres.close();
    await this.sandbox.close();
  }
}

async function run(config: InstallationConfig, instruments: Partial<Instruments>): Promise<Running> {
  const installation = await openInstallation(config, QUIET, instruments);
  return { installation, worker: await startWorker(installation, 10, instruments.measure) };
}

async function end({ installation, worker }: Running): Promise<void> {
  await worker.stop();
  await installation.close();
}
