import type { DataSource } from 'typeorm';
import { type FleetLook, type LastLook, ObservationStore } from '#engine';
import { Database } from './database.js';
import type { HostObservationEntity } from './entities/host-observation.entity.js';
import { isId } from './ids.js';

/** In the order of ids, so that two looks at one fleet do not wait for each other in a circle. */
const LOOKED_AT = `
SELECT hosts.id, fleets.generation_id, look.state, look.files, look.listeners, look.problems
  FROM jsonb_to_recordset($4::jsonb)
    AS look ("hostId" uuid, state text, files jsonb, listeners jsonb, problems jsonb)
  JOIN hosts ON hosts.id = look."hostId"
  JOIN fleets ON fleets.id = hosts.fleet_id
 WHERE fleets.id = $1 AND fleets.generation_id = $2
   AND NOT EXISTS (SELECT 1 FROM locks WHERE key = 'fleet:' || fleets.id)
 ORDER BY hosts.id FOR KEY SHARE OF hosts`;

const KEEP = `
INSERT INTO host_observations AS last
  (host_id, generation_id, at, seen_at, state, files, listeners, problems)
SELECT id, generation_id, $3, CASE WHEN state = 'unknown' THEN NULL ELSE $3::timestamptz END,
       state, files, listeners, problems
  FROM (${LOOKED_AT}) AS looked
ON CONFLICT (host_id) DO UPDATE SET
  generation_id = excluded.generation_id, at = excluded.at, state = excluded.state, problems = excluded.problems,
  seen_at = coalesce(excluded.seen_at, last.seen_at),
  files = CASE WHEN excluded.seen_at IS NULL THEN last.files ELSE excluded.files END,
  listeners = CASE WHEN excluded.seen_at IS NULL THEN last.listeners ELSE excluded.listeners END
 WHERE last.at <= excluded.at`;

const LAST_LOOKS = `
SELECT host_id AS "hostId", host_observations.generation_id AS "generationId", at, seen_at AS "seenAt",
       state, files, listeners, problems
  FROM host_observations JOIN hosts ON hosts.id = host_id
 WHERE fleet_id = $1 ORDER BY host_id`;

/** Looks at hosts in PostgreSQL. Throws PortError `database.unreachable` (transient). */
export class PostgresObservationStore extends ObservationStore {
  private readonly database: Database;

  constructor(dataSource: DataSource) {
    super();
    this.database = new Database(dataSource);
  }

  override async keep({ fleetId, generationId, at, hosts }: FleetLook): Promise<void> {
    const looks = JSON.stringify(hosts);
    await this.database.transaction((session) =>
      session.count(KEEP, [fleetId, generationId, new Date(at), looks]),
    );
  }

  override async lastLooks(fleetId: string): Promise<readonly LastLook[]> {
    if (!isId(fleetId)) return [];
    const rows = await this.database.statement((session) =>
      session.rows<HostObservationEntity>(LAST_LOOKS, [fleetId]),
    );
    return rows.map(({ at, seenAt, ...look }) => ({
      ...{ ...look, at: at.getTime(), seenAt: seenAt?.getTime() ?? null },
    }));
  }
}
