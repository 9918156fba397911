import { randomBytes } from 'node:crypto';
import type { PkiSandbox } from '#ca-source';
import type { Secret } from '#engine';
import { freePort, startTestPostgres, type TestPostgres } from '#kit';
import { generateApiKey } from '#platform';
import { type EnrolledHost, type SimulatedHosts, startSimulatedHosts } from '../../simulated-fleet/start.js';
import { BenchApi } from '../bench-api.js';
import { PKI, WindlassFleet } from '../windlass-fleet.js';
import { Service } from './service.js';

/** What one request may enrol. */
const AT_ONCE = 1_000;

/** A fleet, and a Windlass over it whose parts are processes of their own, as in production. */
export class ScaleInstallation {
  private constructor(
    readonly fleet: SimulatedHosts,
    readonly postgres: TestPostgres,
    readonly api: Service,
    readonly worker: Service,
    readonly asked: BenchApi,
    readonly key: string,
    readonly fleetId: string,
    readonly bundlePem: string,
    private readonly sandbox: PkiSandbox,
  ) {}

  static async open(hosts: number): Promise<ScaleInstallation> {
    const { sandbox, token, bundlePem } = await WindlassFleet.startPki();
    const fleet = await startSimulatedHosts({ hosts, bundlePem });
    const postgres = await startTestPostgres();
    const [port, key] = [await freePort(), generateApiKey()];
    const env = {
      ...{ DATABASE_URL: postgres.url, WINDLASS_MASTER_KEY: randomBytes(32).toString('base64') },
      ...{ PORT: String(port), WINDLASS_ADMIN_KEY: key, LOG_LEVEL: 'info', NODE_ENV: 'production' },
    };
    const api = await Service.start('api', env);
    const asked = new BenchApi(`http://127.0.0.1:${port}`, key);
    const fleetId = await record(asked, sandbox, token, bundlePem);
    for (let index = 0; index < hosts; index += AT_ONCE) {
      const some = fleet.hosts.slice(index, index + AT_ONCE).map(bodyOf);
      await asked.post(`/v1/fleets/${fleetId}/hosts`, { hosts: some });
    }
    const worker = await Service.start('worker', env);
    return new ScaleInstallation(fleet, postgres, api, worker, asked, key, fleetId, bundlePem, sandbox);
  }

  /** Returns the id of the rotation. */
  async start(request: Readonly<Record<string, unknown>>): Promise<string> {
    const body = { fleetId: this.fleetId, reason: 'bench', ...request };
    const { id } = await this.asked.post('/v1/rotations', body);
    return String(id);
  }

  async stop(): Promise<void> {
    this.asked.close();
    await this.worker.stop();
    await this.api.stop();
    await this.fleet.stop();
    await this.postgres.close();
    await this.sandbox.close();
  }
}

async function record(api: BenchApi, { address }: PkiSandbox, token: Secret, bundlePem: string) {
  const { mount, role } = PKI;
  const fleet = await api.post('/v1/fleets', {
    ...{ name: 'scale', soakSeconds: 0, caTtlSeconds: 86_400, bundlePem },
    issuingCa: { address, mount, role, token: token.reveal() },
  });
  return String(fleet.id);
}

function bodyOf({ name, address, sshPort, httpsPort, serverName, ...host }: EnrolledHost) {
  const { user, hostKey, privateKey, managedPath } = host;
  const probeTargets = [{ address, port: httpsPort, serverName, path: '/' }];
  return {
    name,
    address,
    port: sshPort,
    user,
    hostKey,
    privateKey,
    managedPaths: [managedPath],
    probeTargets,
  };
}
