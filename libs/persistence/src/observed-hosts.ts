import { type EntityManager, In } from 'typeorm';
import type { HostEntity } from './entities/host.entity.js';
import { HostObservationEntity } from './entities/host-observation.entity.js';
import type { ObservedHost } from './fleet-views.js';
import { firstToEnd, GenerationAnchors } from './generation-anchors.js';

/** The generation of its own fleet whose text all files of a host were, when it was last seen. */
const SERVED = `
SELECT host_id AS "hostId", generations.id, number, hosts_fleet.generation_id AS "recordedId"
  FROM host_observations JOIN hosts ON hosts.id = host_id JOIN fleets AS hosts_fleet ON hosts_fleet.id = hosts.fleet_id
  LEFT JOIN generations ON generations.fleet_id = hosts.fleet_id
   AND digest = files -> 0 ->> 'digest' AND NOT jsonb_path_exists(files, '$[*] ? (@.digest != $digest)',
         jsonb_build_object('digest', files -> 0 -> 'digest'))
 WHERE host_id = ANY ($1::uuid[])`;

interface ServedRow {
  readonly hostId: string;
  /** Null: of a text that is none of the fleet's. */
  readonly id: string | null;
  readonly number: number | null;
  /** What the fleet is recorded to serve now. */
  readonly recordedId: string;
}

/** What was last seen of hosts, as people see it. */
export class ObservedHosts {
  private readonly anchors = new GenerationAnchors();

  /** By host; without those that nobody ever looked at. */
  async of(manager: EntityManager, hosts: readonly HostEntity[]): Promise<ReadonlyMap<string, ObservedHost>> {
    const ids = hosts.map(({ id }) => id);
    const looks = await manager.findBy(HostObservationEntity, { hostId: In(ids) });
    if (looks.length === 0) return new Map();
    const served: ServedRow[] = await manager.query(SERVED, [ids]);
    const known = served.flatMap(({ id }) => (id === null ? [] : [id]));
    const anchors = await this.anchors.of(manager, [...new Set(known)]);
    return new Map(
      looks.map((look) => {
        const row = served.find(({ hostId }) => hostId === look.hostId);
        const expiresAt = firstToEnd(anchors.get(row?.id ?? '') ?? []);
        return [look.hostId, { ...seen(look, row), generation: row?.number ?? null, expiresAt }];
      }),
    );
  }
}

/** Held against what the fleet served then, it says nothing of what it is to serve now. */
function seen(
  { at, seenAt, state, generationId, files, listeners, problems }: HostObservationEntity,
  row?: ServedRow,
) {
  const current = row?.recordedId === generationId;
  return { ...{ at, seenAt, files, listeners, problems }, state: current ? state : ('unknown' as const) };
}
