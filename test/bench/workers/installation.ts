import { randomBytes } from 'node:crypto';
import type { PkiSandbox } from '#ca-source';
import { type JournalEntry, Secret } from '#engine';
import { type Installation, openInstallation } from '#installation';
import { makeCa, startTestPostgres, type TestPostgres } from '#kit';
import { composeGeneration } from '#trust';
import { record } from '../../fleet/installation.js';
import { type SimulatedHosts, startSimulatedHosts } from '../../simulated-fleet/start.js';
import { journalAtEnd } from '../rotation-end.js';
import { Service } from '../scale/service.js';
import { WindlassFleet } from '../windlass-fleet.js';

const PATIENCE = { lookEveryMs: 500, longestMs: 600_000 };

/** A fleet of simulated hosts, its database, and as many worker processes as are asked for. */
export class WorkersInstallation {
  private extra = 0;

  private constructor(
    readonly fleet: SimulatedHosts,
    readonly postgres: TestPostgres,
    private readonly sandbox: PkiSandbox,
    private readonly masterKey: string,
    private readonly bundlePem: string,
    private readonly fleetId: string,
  ) {}

  static async open(hosts: number): Promise<WorkersInstallation> {
    const { sandbox, token, bundlePem } = await WindlassFleet.startPki();
    const fleet = await startSimulatedHosts({ hosts, bundlePem });
    const postgres = await startTestPostgres();
    const masterKey = randomBytes(32).toString('base64');
    const installation = await opened(postgres.url, masterKey, null);
    const generation = composeGeneration({ anchorsPem: [bundlePem], markerPem: null });
    const ca = { address: sandbox.address, token };
    const fleetId = await record(installation, ca, generation, 0, { name: 'workers' });
    await installation.records.hosts.addHosts(
      fleetId,
      fleet.hosts.map(({ sshPort: port, httpsPort, serverName, privateKey, managedPath, ...host }) => ({
        ...{ ...host, port, privateKey: new Secret(privateKey), managedPaths: [managedPath] },
        ...{ nginxBinary: 'nginx' },
        probeTargets: [{ address: host.address, port: httpsPort, serverName, path: '/' }],
      })),
    );
    await installation.close();
    return new WorkersInstallation(fleet, postgres, sandbox, masterKey, bundlePem, fleetId);
  }

  startWorkers(count: number, redisUrl: string | null): Promise<Service[]> {
    const env = {
      ...{ DATABASE_URL: this.postgres.url, WINDLASS_MASTER_KEY: this.masterKey, NODE_ENV: 'production' },
      ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
    };
    return Promise.all(Array.from({ length: count }, () => Service.start('worker', env)));
  }

  /** One transition to a bundle with another CA beside the fleet's own, driven by whatever workers there are. */
  async replace(redisUrl: string | null): Promise<readonly JournalEntry[]> {
    this.extra += 1;
    const other = await makeCa({ commonName: `Workers: one more CA ${this.extra}` });
    const installation = await opened(this.postgres.url, this.masterKey, redisUrl);
    const rotationId = await installation.commands.start({
      ...{ fleetId: this.fleetId, requestedBy: 'bench', reason: 'bench' },
      ...{ strategy: 'replace', bundlePem: this.bundlePem + other.certificatePem },
    });
    try {
      return await journalAtEnd(installation, rotationId, 'succeeded', PATIENCE);
    } finally {
      await installation.close();
    }
  }

  async stop(): Promise<void> {
    await this.fleet.stop();
    await this.postgres.close();
    await this.sandbox.close();
  }
}

function opened(url: string, masterKey: string, redisUrl: string | null): Promise<Installation> {
  const quiet = { info: () => undefined, warn: () => undefined, error: console.error };
  return openInstallation(
    {
      ...{ databaseUrl: new Secret(url), redisUrl: redisUrl === null ? null : new Secret(redisUrl) },
      ...{ masterKey: new Secret(masterKey), masterKeyFile: '', postgresDir: '' },
    },
    quiet,
  );
}
