import pg from 'pg';
import { expect } from 'vitest';
import { type ProbeIdentity, RotationCommands } from '#engine';
import type { TestHost } from '#kit';
import { audit, decisionKey, type RotationEvent, type RotationState, type Timing } from '#rotation';
import { digestOf } from '#trust';
import { type InstallOptions, TestInstallation } from '../../fleet/installation.js';
import { withSnapshot } from '../timing.js';
import { defaultIssuer, issueClient, Onlooker, served, verdictOf } from './onlooker.js';
import type { Fate } from './worker-orders.js';
import { WorkerProcess } from './worker-process.js';

/** How the world was before a rotation. */
interface Before {
  readonly bundles: readonly string[];
  readonly served: readonly string[];
  readonly issuer: string;
  readonly client: ProbeIdentity;
  readonly onlooker: Onlooker;
}

/** A whole Windlass on real parts whose workers are processes that a test may kill, and how the world has to look. */
export class FaultyFleet {
  private readonly workers: WorkerProcess[] = [];
  private before: Before | null = null;

  private constructor(
    readonly windlass: TestInstallation,
    private readonly hostNames: Readonly<Record<string, string>>,
  ) {}

  static async open(options: InstallOptions): Promise<FaultyFleet> {
    const windlass = await TestInstallation.open({ ...options, withoutWorker: true });
    const { hosts } = await windlass.parts.fleets.fleet(windlass.fleetId);
    return new FaultyFleet(windlass, Object.fromEntries(hosts.map(({ id, name }) => [id, name])));
  }

  get hosts(): readonly TestHost[] {
    return this.windlass.fleet.hosts;
  }

  host(number: number): TestHost {
    const host = this.hosts[number - 1];
    if (!host) throw new RangeError(`there is no host ${number}`);
    return host;
  }

  /** The id of an effect on a host that is named: `expand.1/host.commit/host-2`. */
  effectId(named: string): string {
    const slash = named.lastIndexOf('/') + 1;
    const [id = ''] = Object.entries(this.hostNames).find(([, name]) => name === named.slice(slash)) ?? [];
    return named.slice(0, slash) + id;
  }

  /** A worker stands still at that moment while `strike` is done to the fleet, and goes on as if nothing had been. */
  async strikeAt(moment: string, strike: () => unknown): Promise<WorkerProcess> {
    const worker = await this.worker(moment, 'SIGSTOP');
    await worker.stopped();
    await strike();
    worker.wake();
    return worker;
  }

  /** Starts a rotation that nobody works on yet, and watches from outside what becomes of it. */
  async rotate(timing?: Timing, batchSize?: number): Promise<string> {
    const { vault, fleetId, parts } = this.windlass;
    this.before = {
      bundles: this.windlass.bundles(),
      served: await this.served(),
      issuer: await defaultIssuer(vault),
      client: await issueClient(vault),
      onlooker: await Onlooker.begin(this.hosts, vault),
    };
    const { fleets, rotations, journal, wakeups, clock } = parts;
    const commands = new RotationCommands(
      fleets,
      withSnapshot(rotations, (usual) => ({
        timing: { ...usual.timing, ...timing },
        batchSize: batchSize ?? usual.batchSize,
      })),
      journal,
      wakeups,
      clock,
    );
    return commands.start({ fleetId, requestedBy: 'a test', reason: 'to see' });
  }

  /** A worker that is struck at that moment; one that nothing befalls when left out. */
  async worker(
    moment: string | null = null,
    fate: Fate = 'SIGKILL',
    databaseUrl = this.databaseUrl,
  ): Promise<WorkerProcess> {
    const masterKey = this.windlass.config.masterKey?.reveal() ?? '';
    const redisUrl = this.windlass.config.redisUrl?.reveal() ?? null;
    const orders = { databaseUrl, redisUrl, masterKey, moment, fate, hostNames: this.hostNames };
    const worker = new WorkerProcess(orders);
    this.workers.push(worker);
    return worker.ready();
  }

  /** A worker works until it dies at that moment; nobody has to wait for its leases. */
  async killedAt(moment: string): Promise<void> {
    await (await this.worker(moment)).killed();
    await this.expireLeases();
  }

  /** As if the fifteen seconds of every lease had passed. */
  async expireLeases(): Promise<void> {
    await this.sql(`UPDATE leases SET expires_at = now() - interval '1 second'`);
  }

  /** As if the thirty seconds had passed after which PostgreSQL gives up on a session that fell silent in a transaction. */
  async endSilentSessions(): Promise<void> {
    await this.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
    );
  }

  async sql(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }

  get databaseUrl(): string {
    return this.windlass.config.databaseUrl?.reveal() ?? '';
  }

  served(): Promise<readonly string[]> {
    return Promise.all(this.hosts.map(served));
  }

  async events(rotationId: string): Promise<readonly RotationEvent[]> {
    return (await this.windlass.parts.journal.read(rotationId)).map(({ event }) => event);
  }

  /** Every host serves one new bundle that takes clients of the new CA and none of the old one; Vault issues from it. */
  async expectAllNew(rotationId: string): Promise<RotationState> {
    const state = await this.windlass.until(rotationId, 'succeeded');
    const { client, served: servedBefore, issuer } = await this.afterwards(rotationId);
    const newClient = await issueClient(this.windlass.vault);
    expect(await defaultIssuer(this.windlass.vault)).not.toBe(issuer);
    for (const host of this.hosts) {
      expect([host.name, await verdictOf(host, newClient)]).toEqual([host.name, '200']);
      expect([host.name, await verdictOf(host, client)]).toEqual([host.name, '400']);
    }
    const markers = await this.served();
    expect(new Set(markers).size).toBe(1);
    expect(servedBefore).not.toContain(markers[0]);
    const { generation } = await this.windlass.parts.fleets.fleet(this.windlass.fleetId);
    expect(this.windlass.bundles().map(digestOf)).toEqual(this.hosts.map(() => generation.digest));
    return state;
  }

  /** Every host serves what it served before, byte for byte; its clients get in; Vault is as it was. */
  async expectAllOld(rotationId: string): Promise<RotationState> {
    const state = await this.windlass.until(rotationId, 'reverted');
    const before = await this.afterwards(rotationId);
    expect(this.windlass.bundles()).toEqual(before.bundles);
    expect(await this.served()).toEqual(before.served);
    expect(await defaultIssuer(this.windlass.vault)).toBe(before.issuer);
    for (const host of this.hosts) {
      expect([host.name, await verdictOf(host, before.client)]).toEqual([host.name, '200']);
    }
    return state;
  }

  /** All new or all old, whichever it came to. */
  async expectOneSide(rotationId: string): Promise<RotationState> {
    const { ended } = await this.windlass.until(rotationId, 'succeeded', 'reverted');
    return ended?.status === 'succeeded' ? this.expectAllNew(rotationId) : this.expectAllOld(rotationId);
  }

  /** Ends every worker process. */
  async endWorkers(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.end()));
    await this.before?.onlooker.end();
    this.before = null;
    await this.expireLeases();
  }

  async stop(): Promise<void> {
    await this.endWorkers();
    await this.windlass.stop();
  }

  /** What must hold of every end: nobody was refused on the way, no decision was made twice, the journal is in order. */
  private async afterwards(rotationId: string): Promise<Before> {
    if (!this.before) throw new Error('no rotation was begun');
    expect(await this.before.onlooker.end()).toEqual([]);
    expect(audit(await this.windlass.parts.journal.read(rotationId))).toEqual([]);
    const decisions = (await this.events(rotationId)).flatMap((event) =>
      event.type === 'decision.made' ? [decisionKey(event.decision)] : [],
    );
    expect(decisions).toEqual([...new Set(decisions)]);
    return this.before;
  }
}
