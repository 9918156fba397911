import { Any, type DataSource, type EntityManager, IsNull } from 'typeorm';
import { type Fleet, FleetStore, type Generation, type SecretBox } from '#engine';
import { Database, type Session } from './database.js';
import { FleetEntity } from './entities/fleet.entity.js';
import { GenerationEntity } from './entities/generation.entity.js';
import { HostEntity } from './entities/host.entity.js';
import { IssuingCaEntity } from './entities/issuing-ca.entity.js';
import { ProbeTargetEntity } from './entities/probe-target.entity.js';
import { SampleClientEntity } from './entities/sample-client.entity.js';
import { isId, newId } from './ids.js';
import { notFound } from './not-found.js';
import { toGeneration, toHostRecord, toIssuingCa, toSampleClient } from './stored-fleet.js';

type Bundle = Parameters<FleetStore['addGeneration']>[1];

const OLDEST_FIRST = { createdAt: 'ASC', id: 'ASC' } as const;

/** Fleets in PostgreSQL. Beyond the port's errors it throws PortError `generation.not-found`, `database.unreachable`. */
export class PostgresFleetStore extends FleetStore {
  private readonly database: Database;

  constructor(
    dataSource: DataSource,
    private readonly box: SecretBox,
  ) {
    super();
    this.database = new Database(dataSource);
  }

  override fleet(fleetId: string, hostIds?: readonly string[]): Promise<Fleet> {
    const wanted = hostIds?.filter(isId) ?? null;
    return this.database.snapshot(async ({ manager }) =>
      this.readFleet(manager, await fleetRow(manager, fleetId), wanted),
    );
  }

  override addGeneration(fleetId: string, bundle: Bundle): Promise<Generation> {
    return this.database.transaction((session) => addGenerationOnce(session, fleetId, bundle));
  }

  override nextGenerationNumber(fleetId: string): Promise<number> {
    return this.database.statement(async ({ manager }) => {
      await fleetRow(manager, fleetId);
      return 1 + ((await manager.maximum(GenerationEntity, 'number', { fleetId })) ?? 0);
    });
  }

  override async generation(generationId: string): Promise<Generation> {
    if (!isId(generationId)) throw notFound('generation', generationId);
    const row = await this.database.statement(({ manager }) =>
      manager.findOneBy(GenerationEntity, { id: generationId }),
    );
    if (row === null) throw notFound('generation', generationId);
    return toGeneration(row);
  }

  override async fleetsOn(issuingCaId: string): Promise<readonly { id: string; name: string }[]> {
    if (!isId(issuingCaId)) return [];
    return this.database.statement((session) =>
      session.rows<{ id: string; name: string }>(
        `SELECT id, name FROM fleets WHERE issuing_ca_id = $1 AND EXISTS
           (SELECT 1 FROM hosts WHERE fleet_id = fleets.id AND decommissioned_at IS NULL) ORDER BY name`,
        [issuingCaId],
      ),
    );
  }

  /** `wanted`: ids of hosts; null for all. */
  private async readFleet(
    manager: EntityManager,
    row: FleetEntity,
    wanted: readonly string[] | null,
  ): Promise<Fleet> {
    const { id, name, soakSeconds, contractWhen, clientLog, canaryHosts, caTtlSeconds, distrusted } = row;
    const { generationMarker, revocation, crlsPem, approval } = row;
    const ca = await manager.findOneByOrFail(IssuingCaEntity, { id: row.issuingCaId });
    const generation = await manager.findOneByOrFail(GenerationEntity, { id: row.generationId });
    const counted = { fleetId: id, decommissionedAt: IsNull(), ...(wanted && { id: Any(wanted) }) };
    const hosts = await manager.find(HostEntity, { where: counted, order: OLDEST_FIRST });
    const targets = await targetsByHost(manager, id, wanted);
    const samples = await manager.find(SampleClientEntity, { where: { fleetId: id }, order: OLDEST_FIRST });
    return {
      ...{ id, name, soakSeconds, contractWhen, clientLog, canaryHosts, caTtlSeconds, distrusted },
      ...{ generationMarker, revocation, crlsPem, approval },
      issuingCa: toIssuingCa(ca, this.box),
      generation: toGeneration(generation),
      hosts: hosts.map((host) => toHostRecord(host, targets.get(host.id) ?? [], this.box)),
      samples: samples.map((sample) => toSampleClient(sample, this.box)),
    };
  }
}

/** In one pass, and without a parameter for each host: PostgreSQL takes 65,535. */
async function targetsByHost(
  manager: EntityManager,
  fleetId: string,
  wanted: readonly string[] | null,
): Promise<ReadonlyMap<string, readonly ProbeTargetEntity[]>> {
  const found = new Map<string, ProbeTargetEntity[]>();
  const targets = manager.createQueryBuilder(ProbeTargetEntity, 'target');
  const all = await (wanted
    ? targets.where('target.hostId = ANY (:wanted)', { wanted })
    : targets.where('target.hostId IN (SELECT id FROM hosts WHERE fleet_id = :fleetId)', { fleetId })
  ).getMany();
  for (const target of all) {
    const known = found.get(target.hostId);
    if (known) known.push(target);
    else found.set(target.hostId, [target]);
  }
  return found;
}

export async function fleetRow(manager: EntityManager, fleetId: string): Promise<FleetEntity> {
  const row = isId(fleetId) ? await manager.findOneBy(FleetEntity, { id: fleetId }) : null;
  if (row === null) throw notFound('fleet', fleetId);
  return row;
}

/** The lock on the fleet keeps two writers from the same number. */
async function addGenerationOnce(session: Session, fleetId: string, bundle: Bundle): Promise<Generation> {
  const { manager } = session;
  await fleetRow(manager, fleetId);
  await session.rows('SELECT 1 FROM fleets WHERE id = $1 FOR NO KEY UPDATE', [fleetId]);
  const same = await manager.findOneBy(GenerationEntity, { fleetId, digest: bundle.digest });
  if (same !== null) return toGeneration(same);
  const number = 1 + ((await manager.maximum(GenerationEntity, 'number', { fleetId })) ?? 0);
  const { content, digest, marker } = bundle;
  const generation = { id: newId(), fleetId, number, content, digest, marker };
  // TypeORM writes the defaults of the row into what it is given.
  await manager.insert(GenerationEntity, { ...generation });
  return generation;
}
