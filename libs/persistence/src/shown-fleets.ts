import { type EntityManager, In } from 'typeorm';
import type { FleetEntity } from './entities/fleet.entity.js';
import { GenerationEntity } from './entities/generation.entity.js';
import { IssuingCaEntity } from './entities/issuing-ca.entity.js';
import { glancesAt } from './fleet-glance.js';
import type { FleetView, GenerationView } from './fleet-views.js';
import { type AnchorView, firstToEnd, GenerationAnchors } from './generation-anchors.js';
import { toIssuingCaView } from './issuing-ca-rows.js';
import { notFound } from './not-found.js';

/** Fleets as people see them. */
export class ShownFleets {
  private readonly anchors = new GenerationAnchors();

  async one(manager: EntityManager, row: FleetEntity): Promise<FleetView> {
    const [view] = await this.all(manager, [row]);
    if (view === undefined) throw notFound('fleet', row.id);
    return view;
  }

  /** One view for each row, in the rows' order; as many statements for a hundred as for one. */
  async all(manager: EntityManager, rows: readonly FleetEntity[]): Promise<FleetView[]> {
    const cas = await manager.findBy(IssuingCaEntity, { id: In(rows.map((row) => row.issuingCaId)) });
    const generations = await manager.find(GenerationEntity, {
      where: { id: In(rows.map((row) => row.generationId)) },
      select: { id: true, number: true, digest: true, marker: true, createdAt: true },
    });
    const anchors = await this.anchors.of(
      manager,
      rows.map((row) => row.generationId),
    );
    const glanceAt = await glancesAt(manager, rows);
    return rows.flatMap((row) => {
      const ca = cas.find(({ id }) => id === row.issuingCaId);
      const generation = generations.find(({ id }) => id === row.generationId);
      if (ca === undefined || generation === undefined) return [];
      const trusted = {
        generation: toGenerationView(generation),
        anchors: anchors.get(row.generationId) ?? [],
      };
      return [{ ...recorded(row, ca), ...trusts(trusted), ...glanceAt(row) }];
    });
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

function trusts(trusted: { readonly generation: GenerationView; readonly anchors: readonly AnchorView[] }) {
  return { ...trusted, expiresAt: firstToEnd(trusted.anchors) };
}

/** What people recorded of it, and what became of that. */
function recorded(row: FleetEntity, ca: IssuingCaEntity) {
  const { id, name, soakSeconds, contractWhen, approval, clientLog, generationMarker, revocation } = row;
  const { canaryHosts, caTtlSeconds, lastRotatedAt, lastRehearsedAt, distrusted, createdAt } = row;
  return {
    ...{ id, name, soakSeconds, contractWhen, approval, clientLog, generationMarker, revocation },
    ...{ canaryHosts, caTtlSeconds, issuingCa: toIssuingCaView(ca) },
    ...{ lastRotatedAt, lastRehearsedAt, distrusted, createdAt },
  };
}
