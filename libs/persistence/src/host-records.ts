import { type DataSource, type EntityManager, In } from 'typeorm';
import { PortError, type SecretBox } from '#engine';
import { Database, type Session } from './database.js';
import { HostEntity } from './entities/host.entity.js';
import { LockEntity } from './entities/lock.entity.js';
import { ProbeTargetEntity } from './entities/probe-target.entity.js';
import type { HostView, NewHost } from './fleet-views.js';
import { isId, newId } from './ids.js';
import { jumpColumns } from './jump-columns.js';
import { notFound } from './not-found.js';
import { decodeCursor, type Page, type PageRequest, toPage } from './page.js';
import { fleetRow } from './postgres-fleet-store.js';
import { sealContext } from './sealed-columns.js';
import { ShownHosts } from './shown-hosts.js';

/** One host of a fleet. */
const ONE = 'hosts.fleet_id = $1 AND hosts.id = $2';
/** Those of a fleet, of one name or any, behind a place in the list or from its begin. */
const OF_PAGE = `hosts.fleet_id = $1 AND ($2::text IS NULL OR hosts.name = $2)
  AND ($3::timestamptz IS NULL OR (hosts.created_at, hosts.id) > ($3, $4::uuid))`;

/** Hosts as people enrol and see them. */
export class HostRecords {
  private readonly database: Database;
  private readonly shown = new ShownHosts();

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
  async listHosts(fleetId: string, { cursor, limit }: PageRequest, name?: string): Promise<Page<HostView>> {
    if (!isId(fleetId)) throw notFound('fleet', fleetId);
    const behind = cursor === null ? null : decodeCursor(cursor);
    return this.database.statement(async (session) => {
      const hosts = await this.shown.where(
        session,
        OF_PAGE,
        [fleetId, name ?? null, behind?.createdAt ?? null, behind?.id ?? null],
        limit + 1,
      );
      // Where there is a host there is a fleet.
      if (hosts.length === 0) await fleetRow(session.manager, fleetId);
      return toPage(hosts, limit, (host) => host);
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
    return this.database.statement((session) => this.one(session, fleetId, hostId));
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
      const host = await this.one(session, fleetId, hostId);
      check(host);
      const lock = await manager.findOneBy(LockEntity, { key: `host:${host.address}:${host.port}` });
      if (lock !== null) throw inRotation(host.name, lock.rotationId);
      await manager.delete(HostEntity, { id: host.id });
    });
  }

  private async one(session: Session, fleetId: string, hostId: string): Promise<HostView> {
    const ids = isId(fleetId) && isId(hostId);
    const [host] = ids ? await this.shown.where(session, ONE, [fleetId, hostId]) : [];
    if (host === undefined) throw notFound('host', hostId);
    return host;
  }

  private async add(
    session: Session,
    fleetId: string,
    hosts: readonly NewHost[],
  ): Promise<readonly HostView[]> {
    const { manager } = session;
    await fleetRow(manager, fleetId);
    const rows = hosts.map((host) => this.toRow(fleetId, host));
    const targets = rows.flatMap(({ id }, index) => toTargetRows(id, hosts[index]));
    await manager.createQueryBuilder().insert().into(HostEntity).values(rows).orIgnore().execute();
    const ids = rows.map(({ id }) => id);
    const stored = await manager.find(HostEntity, { where: { id: In(ids) }, select: { id: true } });
    if (stored.length < rows.length) throw await whyRefused(manager, rows, stored);
    await manager.insert(ProbeTargetEntity, targets);
    const shown = await this.shown.where(session, 'hosts.id = ANY ($1::uuid[])', [ids]);
    const byId = new Map(shown.map((host) => [host.id, host] as const));
    return ids.flatMap((id) => byId.get(id) ?? []);
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

type Refused = Pick<HostEntity, 'id' | 'name' | 'address' | 'port'>;

async function whyRefused(
  manager: EntityManager,
  rows: readonly Refused[],
  stored: readonly Pick<HostEntity, 'id'>[],
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
