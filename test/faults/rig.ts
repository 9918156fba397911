import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Secret } from '#engine';
import type { Installation } from '#installation';
import { startTestPostgres } from '#kit';
import { MasterKey, SealedBox } from '#platform';
import type { QueuePlace } from '#queue';
import { audit, explain, type RotationState, statusOf, type Timing } from '#rotation';
import { composeGeneration } from '#trust';
import { Random } from '../../libs/simulation/src/random.js';
import { pemOf, SimCa } from '../../libs/simulation/src/sim-ca.js';
import { SimMachine } from '../../libs/simulation/src/sim-machine.js';
import { openProcess, type RigProcess } from './process.js';
import { QuickNetwork, RealTime } from './real-time.js';
import type { RigParts } from './rig-parts.js';

const LONGEST_MS = 90_000;

export interface RigOptions {
  readonly hosts?: number;
  readonly soakSeconds?: number;
  /** In PostgreSQL when left out. */
  readonly redisUrl?: string;
  /** A server that the test may do to what it likes; a database of the shared one when left out. */
  readonly databaseUrl?: string;
  /** Instead of the usual minutes. */
  readonly timing?: Timing;
}

/**
 * Windlass on a real PostgreSQL and a real queue, with simulated hosts and a simulated CA in real time: for faults
 * of servers and of workers, where a real nginx would only make them slow to bring about.
 */
export class Rig implements RigParts {
  readonly time = new RealTime();
  readonly network = new QuickNetwork(this.time, new Random(1));
  readonly ca = new SimCa(() => undefined, Date.now);
  readonly bundle = composeGeneration({ anchorsPem: [pemOf(0)], markerPem: null });
  readonly hosts: readonly SimMachine[];
  readonly byAddress = new Map<string, SimMachine>();
  readonly box = new SealedBox(new MasterKey(randomBytes(32).toString('base64'), 'a test'));
  readonly processes: RigProcess[] = [];

  private constructor(
    readonly options: RigOptions,
    public databaseUrl: string,
    private readonly closeDatabase: () => Promise<void>,
  ) {
    this.hosts = Array.from({ length: options.hosts ?? 3 }, (_, index) => this.makeHost(index));
  }

  static async open(options: RigOptions = {}): Promise<Rig> {
    const postgres = options.databaseUrl
      ? { url: options.databaseUrl, close: async () => undefined }
      : await startTestPostgres();
    return new Rig(options, postgres.url, postgres.close);
  }

  get queue(): QueuePlace {
    const { redisUrl } = this.options;
    return redisUrl ? { redisUrl } : { postgresUrl: this.databaseUrl };
  }

  host(index: number): SimMachine {
    const host = this.hosts[index];
    if (!host) throw new RangeError(`there is no host ${index}`);
    return host;
  }

  /** One process: it may start a worker, serve the API, or only ask. */
  async process(name: string, urlOfDatabase = this.databaseUrl): Promise<RigProcess> {
    const opened = await openProcess(this, name, urlOfDatabase);
    this.processes.push(opened);
    return opened;
  }

  /** Records a fleet of some hosts, of all when left out; returns its id. Names have three letters, as their markers have. */
  async record({ records }: Installation, name = 'sim', hosts = this.hosts, mount = 'pki'): Promise<string> {
    const { id } = await records.fleets.createFleet({
      ...{
        name,
        soakSeconds: this.options.soakSeconds ?? 0,
        contractWhen: 'soaked' as const,
        clientLog: null,
        canaryHosts: 1,
        caTtlSeconds: 86_400 * 365,
      },
      issuingCa: {
        ...{ address: 'http://ca.example', namespace: '', mount, role: 'clients' },
        ...{ kind: 'vault', token: new Secret('t'), serverCaPem: null },
      },
      generation: { ...this.bundle, marker: null },
    });
    await records.hosts.addHosts(
      id,
      hosts.map((host) => recordOf(host, this.addressOf(host))),
    );
    return id;
  }

  /** Asks for a rotation of the fleet; returns its id. */
  rotate({ commands }: Installation, fleetId: string): Promise<string> {
    return commands.start({ fleetId, requestedBy: 'a test', reason: 'to see' });
  }

  /** The rotation once `reached` holds. Fails with its explanation when it has ended before, or after long. */
  async until(
    { commands }: Installation,
    rotationId: string,
    reached: (state: RotationState) => boolean,
  ): Promise<RotationState> {
    for (const deadline = Date.now() + LONGEST_MS; ; await sleep(20)) {
      const state = await commands.read(rotationId);
      if (reached(state)) return state;
      if (state.ended || Date.now() > deadline) throw new Error(`${statusOf(state)}: ${explain(state)}`);
    }
  }

  ended(process: Installation, rotationId: string): Promise<RotationState> {
    return this.until(process, rotationId, ({ ended }) => ended !== null);
  }

  /** What the auditor has to say about the whole journal: nothing, if all is well. */
  async audit({ parts }: Installation, rotationId: string): Promise<unknown> {
    return audit(await parts.journal.read(rotationId));
  }

  /** As if the fifteen seconds of every lease had passed: whoever held one is given up. */
  async expireLeases(): Promise<void> {
    await this.sql(`UPDATE leases SET expires_at = now() - interval '1 second'`);
  }

  async sql(statement: string, url = this.databaseUrl): Promise<void> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }

  async closeProcesses(): Promise<void> {
    for (const one of this.processes) one.life.bury();
    await Promise.all(this.processes.splice(0).map((one) => one.close()));
  }

  async stop(): Promise<void> {
    await this.closeProcesses();
    await this.closeDatabase();
  }

  private addressOf(host: SimMachine): string {
    return [...this.byAddress].find(([, one]) => one === host)?.[0] ?? '';
  }

  private makeHost(index: number): SimMachine {
    const host = new SimMachine(
      `host-${index + 1}`,
      this.bundle.content,
      this.time,
      new Random(index),
      1,
      () => undefined,
    );
    this.byAddress.set(`127.20.1.${index + 1}`, host);
    return host;
  }
}

function recordOf(host: SimMachine, address: string) {
  return {
    ...{ name: host.id, address, port: 22, user: 'root', hostKey: 'k', privateKey: new Secret('k') },
    ...{ managedPaths: ['/etc/nginx/clients.pem'], nginxBinary: 'nginx' },
    probeTargets: [{ address, port: 8443, serverName: null, path: '/' }],
  };
}
