import type { EntityManager } from 'typeorm';
import type { FleetEntity } from './entities/fleet.entity.js';
import { ScheduleEntity } from './entities/schedule.entity.js';
import type { FleetGlance } from './fleet-views.js';
import { toSchedule } from './stored-schedule.js';

/** What was seen of a generation that the fleet no longer serves says nothing of it. */
const HOSTS = `
SELECT fleets.id AS "fleetId", count(hosts.id)::int AS hosts, max(last.at) AS "checkedAt",
       count(*) FILTER (WHERE last.state = 'in-sync' AND last.generation_id = fleets.generation_id)::int AS "inSync",
       count(*) FILTER (WHERE last.state = 'drifted' AND last.generation_id = fleets.generation_id)::int AS drifted
  FROM fleets JOIN hosts ON hosts.fleet_id = fleets.id AND hosts.decommissioned_at IS NULL
  LEFT JOIN host_observations AS last ON last.host_id = hosts.id
 WHERE fleets.id = ANY ($1::uuid[]) GROUP BY fleets.id`;

/** What was asked for is in the first entry of the journal and nowhere else. */
const ROTATIONS = `
SELECT rotations.id, status, phase, fleet_id AS "fleetId", other_fleet_ids AS "otherFleetIds",
       first.event -> 'snapshot' ->> 'strategy' AS strategy
  FROM rotations JOIN journal_entries AS first ON first.rotation_id = rotations.id AND first.sequence = 1
 WHERE ended_at IS NULL AND (fleet_id = ANY ($1::uuid[]) OR other_fleet_ids && $1::uuid[])`;

interface HostsRow extends Pick<FleetGlance['drift'], 'checkedAt' | 'inSync' | 'drifted'> {
  readonly fleetId: string;
  readonly hosts: number;
}

type RotationRow = Omit<NonNullable<FleetGlance['rotation']>, 'fleetIds'> & {
  readonly fleetId: string;
  readonly otherFleetIds: readonly string[];
};

/** What goes on in each of the fleets, in three statements however many they are. */
export async function glancesAt(
  manager: EntityManager,
  rows: readonly FleetEntity[],
): Promise<(row: FleetEntity) => FleetGlance> {
  const ids = rows.map(({ id }) => id);
  const hosts: HostsRow[] = await manager.query(HOSTS, [ids]);
  const rotations: RotationRow[] = await manager.query(ROTATIONS, [ids]);
  const schedules = await rotatingSchedules(manager, rows);
  return ({ id, issuingCaId }) => {
    const counted = hosts.find(({ fleetId }) => fleetId === id);
    const hostCount = counted?.hosts ?? 0;
    const rotation = rotations.find(
      ({ fleetId, otherFleetIds }) => fleetId === id || otherFleetIds.includes(id),
    );
    return {
      hostCount,
      drift: driftOf(hostCount, counted),
      rotation: rotation === undefined ? null : toRotation(rotation),
      schedules: schedules.filter((one) => one.issuingCaId === issuingCaId).map(toSchedule),
    };
  };
}

function driftOf(hosts: number, counted: HostsRow | undefined): FleetGlance['drift'] {
  const { inSync = 0, drifted = 0, checkedAt = null } = counted ?? {};
  const unknown = hosts - inSync - drifted;
  const state = drifted > 0 ? 'drifted' : unknown > 0 || hosts === 0 ? 'unknown' : 'in-sync';
  return { state, checkedAt, inSync, drifted, unknown };
}

function toRotation({ fleetId, otherFleetIds, ...rotation }: RotationRow): FleetGlance['rotation'] {
  return { ...rotation, fleetIds: [fleetId, ...otherFleetIds] };
}

/** A schedule rotates every fleet that trusts the issuing CA of its own. */
async function rotatingSchedules(
  manager: EntityManager,
  rows: readonly FleetEntity[],
): Promise<(ScheduleEntity & { readonly issuingCaId: string })[]> {
  const cas = [...new Set(rows.map(({ issuingCaId }) => issuingCaId))];
  const { entities, raw } = await manager
    .createQueryBuilder(ScheduleEntity, 'schedule')
    .innerJoin('fleets', 'fleet', 'fleet.id = schedule.fleetId')
    .addSelect('fleet.issuing_ca_id', 'issuingCaId')
    .where("schedule.kind = 'rotate' AND schedule.enabled AND schedule.suspendedAt IS NULL")
    .andWhere('fleet.issuing_ca_id = ANY (:cas::uuid[])', { cas })
    .orderBy('schedule.createdAt')
    .addOrderBy('schedule.id')
    .getRawAndEntities<{ issuingCaId: string }>();
  return entities.map((entity, place) => ({ ...entity, issuingCaId: raw[place]?.issuingCaId ?? '' }));
}
