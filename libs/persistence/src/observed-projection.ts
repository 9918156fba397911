import type { Projection } from '#engine';
import type { Session } from './database.js';

/** In the order of ids, as a look for drift. */
const OBSERVED = `
INSERT INTO host_observations AS last
  (host_id, generation_id, at, seen_at, state, files, listeners, problems)
SELECT host_id, generation_id, at, at, 'in-sync', files, '[]', '[]'
  FROM (
    SELECT hosts.id AS host_id, generations.id AS generation_id, seen.at,
           (SELECT jsonb_agg(jsonb_build_object('path', path, 'digest', digest)) FROM unnest(managed_paths) AS path)
             AS files
      FROM jsonb_to_recordset($1::jsonb) AS seen ("hostId" text, "generationId" text, at timestamptz)
      JOIN hosts ON hosts.id::text = seen."hostId" AND hosts.fleet_id = ANY ($2::uuid[])
      JOIN generations ON generations.id::text = seen."generationId" AND generations.fleet_id = hosts.fleet_id
     ORDER BY hosts.id FOR KEY SHARE OF hosts
  ) AS proven
ON CONFLICT (host_id) DO UPDATE SET
  generation_id = excluded.generation_id, at = excluded.at, seen_at = excluded.seen_at, state = excluded.state,
  files = excluded.files, listeners = excluded.listeners, problems = excluded.problems
 WHERE last.at <= excluded.at`;

/** Of hosts of the fleets of the rotation, all of whose managed files were proven to be the generation. */
export async function projectObserved(session: Session, { fleets, observed }: Projection): Promise<void> {
  if (observed.length === 0) return;
  await session.count(OBSERVED, [JSON.stringify(observed), fleets.map(({ fleetId }) => fleetId)]);
}
