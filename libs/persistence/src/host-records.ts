import { type DataSource, type EntityManager, In } from 'typeorm';
import { PortError, type SecretBox } from '#engine';
import { Database, type Session } from './database.js';
import { HostEntity } from './entities/host.entity.js';
import { LockEntity } from './entities/lock.entity.js';
import { ProbeTargetEntity } from './entities/probe-target.entity.js';
import type { HostView, NewHost, ObservedHost } from './fleet-views.js';
import { isId, newId } from './ids.js';
import { jumpColumns, jumpView } from './jump-columns.js';
import { notFound } from './not-found.js';
import { ObservedHosts } from './observed-hosts.js';
import { type Page, type PageRequest, readPage, toPage } from './page.js';
import { fleetRow } from './postgres-fleet-store.js';
import { sealContext } from './sealed-columns.js';
import { probeTargetsOf } from './stored-fleet.js';

/** Hosts as people enrol and see them. */
export class HostRecords {
  private readonly database: Database;
  private readonly observed = new ObservedHosts();

  constructor(
    dataSource: DataSource,
    private readonly box: SecretBox,
  ) {
    this.database = new Database(dataSource);
  }

  /**
   * All of them or none. Throws PortError `fleet.not-found`, `host.already-enrolled` naming the fleet that has
   * the address and port, `host.name-taken`.
   */
  addHosts(fleetId: string, hosts: readonly NewHost[]): Promise<readonly HostView[]> {
    return this.database.transaction((session) => this.add(session, fleetId, hosts));
  }

  /** Oldest first. Throws PortError `fleet.not-found`, `page.bad-cursor`. */
  listHosts(fleetId: string, page: PageRequest, name?: string): Promise<Page<HostView>> {
    return this.database.snapshot(async ({ manager }) => {
      await fleetRow(manager, fleetId);
      const where = { fleetId, ...(name === undefined ? {} : { name }) };
      const rows = await readPage(manager, HostEntity, where, page);
      const shown = await this.shown(manager, rows.slice(0, page.limit));
      return toPage(rows, page.limit, shown);
    });
  }

  /** Where the hosts of all fleets are found: addresses and names. */
  async addresses(): Promise<readonly string[]> {
    const rows = await this.database.statement((session) =>
      session.rows<{ address: string }>('SELECT DISTINCT address FROM hosts'),
    );
    return rows.map(({ address }) => address);
  }

  /** Throws PortError `host.not-found`. */
  getHost(fleetId: string, hostId: string): Promise<HostView> {
    return this.database.snapshot(async ({ manager }) => {
      const row = await hostRow(manager, fleetId, hostId);
      return (await this.shown(manager, [row]))(row);
    });
  }

  /** What `check` throws keeps it. Throws PortError `host.not-found`, `host.in-rotation` while a rotation works on it. */
  async removeHost(
    fleetId: string,
    hostId: string,
    check: (host: HostView) => void = () => {},
  ): Promise<void> {
    await this.database.transaction(async (session) => {
      const { manager } = session;
      await session.rows('SELECT 1 FROM hosts WHERE id::text = $1 FOR UPDATE', [hostId]);
      const host = await hostRow(manager, fleetId, hostId);
      check((await this.shown(manager, [host]))(host));
      const lock = await manager.findOneBy(LockEntity, { key: `host:${host.address}:${host.port}` });
      if (lock !== null) throw inRotation(host.name, lock.rotationId);
      await manager.delete(HostEntity, { id: host.id });
    });
  }

  private async add(
    { manager }: Session,
    fleetId: string,
    hosts: readonly NewHost[],
  ): Promise<readonly HostView[]> {
    await fleetRow(manager, fleetId);
    const rows = hosts.map((host) => this.toRow(fleetId, host));
    const targets = rows.flatMap(({ id }, index) => toTargetRows(id, hosts[index]));
    await manager.createQueryBuilder().insert().into(HostEntity).values(rows).orIgnore().execute();
    const stored = await manager.findBy(HostEntity, { id: In(rows.map((row) => row.id)) });
    if (stored.length < rows.length) throw await whyRefused(manager, rows, stored);
    await manager.insert(ProbeTargetEntity, targets);
    return rows
      .flatMap(({ id }) => stored.filter((row) => row.id === id))
      .map((row) => toHostView(row, targets, null));
  }

  private async shown(
    manager: EntityManager,
    rows: readonly HostEntity[],
  ): Promise<(row: HostEntity) => HostView> {
    const targets = await targetsOf(manager, rows);
    const observed = await this.observed.of(manager, rows);
    return (row) => toHostView(row, targets, observed.get(row.id) ?? null);
  }

  private toRow(fleetId: string, host: NewHost): Omit<HostEntity, 'createdAt' | 'decommissionedAt'> {
    const id = newId();
    const { name, address, port, hostKey, nginxBinary, access = 'root' } = host;
    const privateKey =
      host.privateKey && this.box.seal(host.privateKey.reveal(), sealContext('hosts.private_key', id));
    const managedPaths = [...host.managedPaths];
    return {
      id,
      fleetId,
      name,
      address,
      port,
      sshUser: host.user,
      hostKey,
      privateKey,
      ...jumpColumns(host.jump, id, this.box),
      managedPaths,
      nginxBinary,
      nginxArguments: [...(host.nginxArguments ?? [])],
      reloadCommand: [...(host.reloadCommand ?? [])],
      access,
    };
  }
}

function toTargetRows(hostId: string, host: NewHost | undefined): ProbeTargetEntity[] {
  return (host?.probeTargets ?? []).map((target, position) => ({ hostId, position, ...target }));
}

function toHostView(
  row: HostEntity,
  targets: readonly ProbeTargetEntity[],
  observed: ObservedHost | null,
): HostView {
  const { id, fleetId, name, address, port, hostKey, managedPaths, nginxBinary } = row;
  const { nginxArguments, reloadCommand, access } = row;
  const { createdAt, decommissionedAt } = row;
  const probeTargets = probeTargetsOf(id, targets);
  return {
    id,
    fleetId,
    name,
    address,
    port,
    user: row.sshUser,
    login: row.privateKey === null ? 'agent' : 'key',
    hostKey,
    jump: jumpView(row),
    managedPaths,
    nginxBinary,
    nginxArguments,
    reloadCommand,
    access,
    probeTargets,
    createdAt,
    decommissionedAt,
    observed,
  };
}

async function hostRow(manager: EntityManager, fleetId: string, hostId: string): Promise<HostEntity> {
  const ids = isId(fleetId) && isId(hostId);
  const row = ids ? await manager.findOneBy(HostEntity, { id: hostId, fleetId }) : null;
  if (row === null) throw notFound('host', hostId);
  return row;
}

function targetsOf(manager: EntityManager, rows: readonly HostEntity[]): Promise<ProbeTargetEntity[]> {
  return manager.findBy(ProbeTargetEntity, { hostId: In(rows.map((row) => row.id)) });
}

type Refused = Pick<HostEntity, 'id' | 'name' | 'address' | 'port'>;

async function whyRefused(
  manager: EntityManager,
  rows: readonly Refused[],
  stored: readonly Refused[],
): Promise<PortError> {
  const refused = rows.filter((row) => !stored.some(({ id }) => id === row.id));
  for (const { name, address, port } of refused) {
    const holder = await manager.findOneBy(HostEntity, { address, port });
    if (holder === null) continue;
    const fleet = await fleetRow(manager, holder.fleetId);
    const place = `${address}:${port} (${name})`;
    return new HostEnrolled(place, ` as host ${holder.name} of fleet ${fleet.name}`, holder.fleetId);
  }
  return new PortError({
    code: 'host.name-taken',
    message: `The fleet has a host named ${refused[0]?.name} already.`,
    nextStep: 'Host names are unique within a fleet; take another name.',
  });
}

/** PortError `host.already-enrolled`. */
export class HostEnrolled extends PortError {
  constructor(
    private readonly place: string,
    holder: string,
    /** The fleet that has a host at the address and port. */
    readonly fleetId: string,
  ) {
    super({
      code: 'host.already-enrolled',
      message: `${place} is enrolled already${holder === '' ? '' : `,${holder}`}.`,
      nextStep: 'A host belongs to one fleet. Remove it there first, or leave it out here.',
    });
  }

  /** The same without who has it, for people whom that fleet is none of the business of. */
  withoutHolder(): HostEnrolled {
    return new HostEnrolled(this.place, '', this.fleetId);
  }
}

function inRotation(name: string, rotationId: string): PortError {
  return new PortError({
    code: 'host.in-rotation',
    message: `Rotation ${rotationId} works on host ${name}.`,
    nextStep: 'Wait until the rotation has ended, or abort it, then remove the host.',
  });
}
