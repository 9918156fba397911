import type { DriftFinding, FleetRow, Revocation } from '#engine';

/**
 * A row for each fleet, with what is counted of its hosts, the newest look for drift of any of its schedules, and which
 * of its generations its hosts were last seen with.
 */
export const FLEET_ROWS = `
SELECT fleets.id, fleets.name, fleets.created_at AS "createdAt", last_rotated_at AS "lastRotatedAt",
  last_rehearsed_at AS "lastRehearsedAt", revocation, generation_id AS "generationId",
  generations.number AS "generationNumber", coalesce(enrolled, 0)::integer AS enrolled,
  coalesce(decommissioned, 0)::integer AS decommissioned, last_drift AS drift,
  coalesce(seen.ids, '{}') AS "seenGenerationIds"
FROM fleets
JOIN generations ON generations.id = generation_id
LEFT JOIN (
  SELECT fleet_id, count(*) FILTER (WHERE decommissioned_at IS NULL) AS enrolled, count(decommissioned_at) AS decommissioned
  FROM hosts GROUP BY fleet_id
) AS counted ON counted.fleet_id = fleets.id
LEFT JOIN (
  SELECT DISTINCT ON (fleet_id) fleet_id, last_drift FROM schedules
  WHERE last_drift IS NOT NULL ORDER BY fleet_id, last_drift->>'at' DESC
) AS looked ON looked.fleet_id = fleets.id
LEFT JOIN (
  SELECT hosts.fleet_id, array_agg(DISTINCT held.id) AS ids
  FROM host_observations
  JOIN hosts ON hosts.id = host_id AND decommissioned_at IS NULL
  CROSS JOIN jsonb_array_elements(files) AS file
  JOIN generations AS held ON held.fleet_id = hosts.fleet_id AND held.digest = file->>'digest'
  GROUP BY hosts.fleet_id
) AS seen ON seen.fleet_id = fleets.id
ORDER BY fleets.name`;

export interface FleetResult {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastRotatedAt: Date | null;
  readonly lastRehearsedAt: Date | null;
  readonly revocation: Revocation;
  readonly generationId: string;
  readonly generationNumber: number;
  readonly enrolled: number;
  readonly decommissioned: number;
  readonly drift: DriftFinding | null;
  readonly seenGenerationIds: readonly string[];
}

export function toFleetRow(row: FleetResult): FleetRow {
  const { id, name, revocation, enrolled, decommissioned, drift, seenGenerationIds } = row;
  return {
    ...{ id, name, revocation, drift, seenGenerationIds, hosts: { enrolled, decommissioned } },
    createdAt: row.createdAt.getTime(),
    lastRotatedAt: row.lastRotatedAt?.getTime() ?? null,
    lastRehearsedAt: row.lastRehearsedAt?.getTime() ?? null,
    generation: { id: row.generationId, number: row.generationNumber },
  };
}
