import { type DataSource, In } from 'typeorm';
import {
  type AwsAccessKey,
  type AwsPcaCa,
  type SecretBox,
  type TokenOrAppRole,
  type VaultCa,
  type VaultMount,
} from '#engine';
import { Database, type Session, violates } from './database.js';
import { FleetEntity } from './entities/fleet.entity.js';
import { GenerationEntity } from './entities/generation.entity.js';
import { IssuingCaEntity } from './entities/issuing-ca.entity.js';
import { nameTaken, withoutLogin } from './fleet-faults.js';
import type { CaWays, FleetCheck, FleetView, GenerationView, NewFleet } from './fleet-views.js';
import { isId, newId } from './ids.js';
import { keepIssuingCa } from './issuing-ca-rows.js';
import { refuseOtherWays } from './issuing-ca-ways.js';
import { notFound } from './not-found.js';
import { type Page, type PageRequest, readPage, toPage } from './page.js';
import { fleetRow } from './postgres-fleet-store.js';
import { ShownFleets, toGenerationView } from './shown-fleets.js';
import { sealAccessKey, sealLogin, toIssuingCa, waysOf } from './stored-fleet.js';

/** Fleets as people create and read them. Throws PortError `database.unreachable` where the database is away. */
export class FleetRecords {
  private readonly database: Database;
  private readonly shown = new ShownFleets();

  constructor(
    dataSource: DataSource,
    private readonly box: SecretBox,
  ) {
    this.database = new Database(dataSource);
  }

  /** Throws PortError `fleet.name-taken`, `ca.name-taken`, and `rotation.conflict` as {@link changeWays} does. */
  async createFleet(fleet: NewFleet): Promise<FleetView> {
    try {
      return await this.database.transaction((session) => this.create(session, fleet));
    } catch (error) {
      if (violates(error, 'fleets_name_key')) throw nameTaken(fleet.name);
      throw error;
    }
  }

  /** Throws PortError `fleet.name-taken`, for who cannot take back what he does before he creates the fleet. */
  async refuseTakenName(name: string): Promise<void> {
    if ((await this.findFleetId(name)) !== null) throw nameTaken(name);
  }

  /** Throws PortError `rotation.conflict` as {@link changeWays} does, for who cannot take back what he does before. */
  async refuseWaysInRotation(
    ca: Pick<VaultMount, 'address' | 'namespace' | 'mount'> & CaWays,
  ): Promise<void> {
    const { address, namespace, mount } = ca;
    await this.database.transaction(async (session) => {
      const place = { kind: 'vault', address, namespace, mount } as const;
      const known = await session.manager.findOneBy(IssuingCaEntity, place);
      if (known !== null) await refuseOtherWays(session, known.id, ca);
    });
  }

  /** Those `within` (null: all), oldest first. Throws PortError `page.bad-cursor`. */
  listFleets(page: PageRequest, within: readonly string[] | null = null): Promise<Page<FleetView>> {
    return this.database.snapshot(async (session) => {
      const { limit } = page;
      const where = within === null ? {} : { id: In([...within]) };
      const rows = await readPage(session.manager, FleetEntity, where, page);
      const ids = rows.slice(0, limit).map(({ id }) => id);
      const views = await this.shown.all(session, ids);
      return { ...toPage(rows, limit, (row) => row), items: views };
    });
  }

  /** Throws PortError `fleet.not-found`. */
  async getFleet(fleetId: string): Promise<FleetView> {
    if (!isId(fleetId)) throw notFound('fleet', fleetId);
    // Ids may be written in either case, and views are found by them as they are stored.
    return this.database.statement((session) => this.shown.one(session, fleetId.toLowerCase()));
  }

  /** Ids of all fleets that trust the issuing CA of this one, itself among them; none where there is no such fleet. */
  async fleetsOfSameCa(fleetId: string): Promise<readonly string[]> {
    if (!isId(fleetId)) return [];
    const rows = await this.database.statement((session) =>
      session.rows<{ id: string }>(
        'SELECT other.id FROM fleets one JOIN fleets other USING (issuing_ca_id) WHERE one.id = $1',
        [fleetId],
      ),
    );
    return rows.map(({ id }) => id);
  }

  /** Null when no fleet has the name. */
  async findFleetId(name: string): Promise<string | null> {
    const row = await this.database.statement(({ manager }) => manager.findOneBy(FleetEntity, { name }));
    return row?.id ?? null;
  }

  /** The issuing CA of a fleet, if it is logged in to. Throws PortError `fleet.not-found`, `ca.without-login`. */
  loggedInCaOf(fleetId: string): Promise<VaultCa | AwsPcaCa> {
    return this.database.snapshot(async ({ manager }) => {
      const fleet = await fleetRow(manager, fleetId);
      const row = await manager.findOneByOrFail(IssuingCaEntity, { id: fleet.issuingCaId });
      const ca = toIssuingCa(row, this.box);
      if (ca.kind === 'upload') throw withoutLogin(fleet.name);
      return ca;
    });
  }

  /** Puts another login in the place of the one of the fleet's Vault. What `check` throws of the fleet ends it. */
  replaceLogin(
    fleetId: string,
    { id }: VaultCa,
    login: TokenOrAppRole,
    check: FleetCheck = () => {},
  ): Promise<FleetView> {
    const columns = sealLogin(login, id, this.box);
    return this.database.transaction((session) => this.updateIssuingCa(session, fleetId, id, columns, check));
  }

  /**
   * Puts another access key, or for null the role of the machine, in the place of the one of the fleet's CAs in AWS.
   * What `check` throws of the fleet ends it.
   */
  replaceAccessKey(
    fleetId: string,
    { id }: AwsPcaCa,
    key: AwsAccessKey | null,
    check: FleetCheck = () => {},
  ): Promise<FleetView> {
    const columns = sealAccessKey(key, id, this.box);
    return this.database.transaction((session) => this.updateIssuingCa(session, fleetId, id, columns, check));
  }

  /**
   * Changes how the fleet's Vault is rotated from the next rotation on. Throws PortError `rotation.conflict` where one
   * that runs on any fleet of that Vault would notice. What `check` throws of the fleet ends it.
   */
  changeWays(
    fleetId: string,
    { id }: VaultCa,
    ways: CaWays,
    check: FleetCheck = () => {},
  ): Promise<FleetView> {
    return this.database.transaction(async (session) => {
      await refuseOtherWays(session, id, ways);
      return this.updateIssuingCa(session, fleetId, id, waysOf(ways), check);
    });
  }

  /** In the place of those that were handed in before. Throws PortError `fleet.not-found`. */
  handInCrls(fleetId: string, crlsPem: string): Promise<void> {
    return this.database.transaction(async ({ manager }) => {
      const { id } = await fleetRow(manager, fleetId);
      await manager.update(FleetEntity, { id }, { crlsPem });
    });
  }

  /** Every generation the fleet ever had, newest first. Throws PortError `fleet.not-found`, `page.bad-cursor`. */
  generationHistory(fleetId: string, page: PageRequest): Promise<Page<GenerationView>> {
    return this.database.snapshot(async ({ manager }) => {
      await fleetRow(manager, fleetId);
      const rows = await readPage(manager, GenerationEntity, { fleetId }, page, 'newest');
      return toPage(rows, page.limit, toGenerationView);
    });
  }

  private async create(session: Session, fleet: NewFleet): Promise<FleetView> {
    const { manager } = session;
    const issuingCaId = await keepIssuingCa(session, fleet.issuingCa, this.box);
    const { name, soakSeconds, contractWhen, clientLog, canaryHosts, caTtlSeconds } = fleet;
    const { generationMarker = true, revocation = 'none', approval = 'none' } = fleet;
    const row = {
      id: newId(),
      generationId: newId(),
      issuingCaId,
      name,
      soakSeconds,
      contractWhen,
      approval,
      clientLog,
      generationMarker,
      revocation,
      canaryHosts,
      caTtlSeconds,
    };
    await manager.insert(FleetEntity, row);
    const { content, digest, marker } = fleet.generation;
    await manager.insert(GenerationEntity, {
      id: row.generationId,
      fleetId: row.id,
      number: 1,
      content,
      digest,
      marker,
    });
    return this.shown.one(session, row.id);
  }

  private async updateIssuingCa(
    session: Session,
    fleetId: string,
    id: string,
    columns: Partial<IssuingCaEntity>,
    check: FleetCheck,
  ): Promise<FleetView> {
    const { manager } = session;
    const fleet = await fleetRow(manager, fleetId);
    // Until the transaction ends nobody else changes it, so that what was checked is what is replaced.
    await manager.findOneOrFail(IssuingCaEntity, { where: { id }, lock: { mode: 'for_no_key_update' } });
    check(await this.shown.one(session, fleet.id));
    if (Object.keys(columns).length > 0) await manager.update(IssuingCaEntity, { id }, columns);
    return this.shown.one(session, fleet.id);
  }
}
