import type { Session } from './database.js';
import type { FleetEntity } from './entities/fleet.entity.js';
import type { GenerationEntity } from './entities/generation.entity.js';
import { GLANCE, GLANCE_JOINS, type GlanceRow, glanceOf } from './fleet-glance.js';
import type { FleetView, GenerationView } from './fleet-views.js';
import { type AnchorView, firstToEnd, GenerationAnchors } from './generation-anchors.js';
import { SHOWN_CA, type ShownCaRow, toIssuingCaView } from './issuing-ca-rows.js';
import { notFound } from './not-found.js';
import { RotationStrategies } from './rotation-strategies.js';

/** All that is shown of fleets in one statement: on a busy machine each way to the database and back takes long. */
const FLEETS = `
SELECT fleets.id, fleets.name, soak_seconds AS "soakSeconds", contract_when AS "contractWhen", approval,
       client_log AS "clientLog", generation_marker AS "generationMarker", revocation, canary_hosts AS "canaryHosts",
       ca_ttl_seconds AS "caTtlSeconds", last_rotated_at AS "lastRotatedAt", last_rehearsed_at AS "lastRehearsedAt",
       distrusted, fleets.created_at AS "createdAt", ${SHOWN_CA} AS "issuingCa", generations.id AS "generationId",
       generations.number, generations.digest, generations.marker, generations.created_at AS "generatedAt", ${GLANCE}
  FROM fleets JOIN issuing_cas ON issuing_cas.id = fleets.issuing_ca_id
  JOIN generations ON generations.id = fleets.generation_id ${GLANCE_JOINS}
 WHERE fleets.id = ANY ($1::uuid[])`;

interface FleetRow
  extends Omit<FleetEntity, 'issuingCaId' | 'crlsPem' | 'caTtlSeconds'>,
    Pick<GenerationEntity, 'number' | 'digest' | 'marker'>,
    GlanceRow {
  /** A bigint. */
  readonly caTtlSeconds: string;
  readonly issuingCa: ShownCaRow;
  /** When its generation was made. */
  readonly generatedAt: Date;
}

/** Fleets as people see them. */
export class ShownFleets {
  private readonly anchors = new GenerationAnchors();
  private readonly strategies = new RotationStrategies();

  /** Throws PortError `fleet.not-found`. */
  async one(session: Session, id: string): Promise<FleetView> {
    const [view] = await this.all(session, [id]);
    if (view === undefined) throw notFound('fleet', id);
    return view;
  }

  /** One view for each id that is a fleet's, in the order of the ids; as many statements for a hundred as for one. */
  async all(session: Session, ids: readonly string[]): Promise<FleetView[]> {
    const rows = await session.rows<FleetRow>(FLEETS, [ids]);
    const generations = rows.map(({ generationId }) => generationId);
    const anchors = await this.anchors.of(session.manager, generations);
    const rotations = rows.flatMap(({ rotation }) => rotation?.id ?? []);
    const strategies = await this.strategies.of(session, rotations);
    const views = new Map(
      rows.map((row) => [
        row.id,
        { ...toFleetView(row, anchors.get(row.generationId) ?? []), ...glanceOf(row, strategies) },
      ]),
    );
    return ids.flatMap((id) => views.get(id) ?? []);
  }
}

export function toGenerationView({
  id,
  number,
  digest,
  marker,
  createdAt,
}: GenerationEntity): GenerationView {
  return { id, number, digest, marker, createdAt };
}

/** What people recorded of it, what became of that, and whom it trusts. */
function toFleetView(row: FleetRow, anchors: readonly AnchorView[]) {
  const { id, name, soakSeconds, contractWhen, approval, clientLog, generationMarker, revocation } = row;
  const { canaryHosts, lastRotatedAt, lastRehearsedAt, distrusted, createdAt } = row;
  const { generationId, number, digest, marker, generatedAt } = row;
  return {
    ...{ id, name, soakSeconds, contractWhen, approval, clientLog, generationMarker, revocation },
    ...{ canaryHosts, caTtlSeconds: Number(row.caTtlSeconds), issuingCa: toIssuingCaView(row.issuingCa) },
    generation: { id: generationId, number, digest, marker, createdAt: generatedAt },
    ...{ anchors, expiresAt: firstToEnd(anchors) },
    ...{ lastRotatedAt, lastRehearsedAt, distrusted, createdAt },
  };
}
