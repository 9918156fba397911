import type { Strategy } from '#rotation';
import type { FleetGlance } from './fleet-views.js';
import { type ScheduleRow, toSchedule } from './stored-schedule.js';

/** What was seen of a generation that the fleet no longer serves says nothing of it. */
const HOSTS = `
SELECT count(hosts.id)::int AS hosts, max(last.at) AS "checkedAt",
       count(*) FILTER (WHERE last.state = 'in-sync' AND last.generation_id = fleets.generation_id)::int AS "inSync",
       count(*) FILTER (WHERE last.state = 'drifted' AND last.generation_id = fleets.generation_id)::int AS drifted
  FROM hosts LEFT JOIN host_observations AS last ON last.host_id = hosts.id
 WHERE hosts.fleet_id = fleets.id AND hosts.decommissioned_at IS NULL`;

const ROTATION = `
SELECT json_build_object('id', id, 'status', status, 'phase', phase, 'fleetIds', fleet_id || other_fleet_ids)
  FROM rotations WHERE ended_at IS NULL AND (fleet_id = fleets.id OR fleets.id = ANY (other_fleet_ids)) LIMIT 1`;

/** A schedule rotates every fleet that trusts the issuing CA of its own. */
const SCHEDULES = `
SELECT json_agg(json_build_object(
         'id', one.id, 'fleetId', one.fleet_id, 'kind', kind, 'cron', cron, 'timeZone', time_zone, 'windows', windows,
         'jitterSeconds', jitter_seconds, 'repair', repair, 'enabled', enabled,
         'rotateWhenDaysLeft', rotate_when_days_left, 'rotateWhenHoursLeft', rotate_when_hours_left,
         'rotateAtLifetimePercent', rotate_at_lifetime_percent, 'nextTickAt', next_tick_at, 'alertedAt', alerted_at,
         'resumedRotationId', resumed_rotation_id) ORDER BY one.created_at, one.id)
  FROM schedules AS one JOIN fleets AS theirs ON theirs.id = one.fleet_id
 WHERE theirs.issuing_ca_id = fleets.issuing_ca_id AND kind = 'rotate' AND enabled AND suspended_at IS NULL`;

/** What goes on in each row of `fleets`, as columns and as joins. */
export const GLANCE = `counted.*, (${ROTATION}) AS rotation, (${SCHEDULES}) AS schedules`;
export const GLANCE_JOINS = `CROSS JOIN LATERAL (${HOSTS}) AS counted`;

export interface GlanceRow extends Pick<FleetGlance['drift'], 'checkedAt' | 'inSync' | 'drifted'> {
  readonly hosts: number;
  readonly rotation: Omit<NonNullable<FleetGlance['rotation']>, 'strategy'> | null;
  readonly schedules: readonly WrittenSchedule[] | null;
}

/** One that is not suspended, its times as JSON has them. */
type WrittenSchedule = Omit<
  ScheduleRow,
  'nextTickAt' | 'alertedAt' | 'suspendedAt' | 'suspendedRotationId' | 'suspendedStatus'
> & { readonly nextTickAt: string | null; readonly alertedAt: string | null };

/** `strategies`: of the rotations that have not ended. */
export function glanceOf(row: GlanceRow, strategies: ReadonlyMap<string, Strategy>): FleetGlance {
  const { hosts, rotation, schedules } = row;
  const strategy = rotation === null ? undefined : strategies.get(rotation.id);
  return {
    ...{ hostCount: hosts, drift: driftOf(row) },
    rotation: rotation === null || strategy === undefined ? null : { ...rotation, strategy },
    schedules: (schedules ?? []).map(scheduleIn),
  };
}

function driftOf({ hosts, inSync, drifted, checkedAt }: GlanceRow): FleetGlance['drift'] {
  const unknown = hosts - inSync - drifted;
  const state = drifted > 0 ? 'drifted' : unknown > 0 || hosts === 0 ? 'unknown' : 'in-sync';
  return { state, checkedAt, inSync, drifted, unknown };
}

function scheduleIn({ nextTickAt, alertedAt, ...written }: WrittenSchedule) {
  const suspension = { suspendedAt: null, suspendedRotationId: null, suspendedStatus: null };
  return toSchedule({
    ...{ ...written, ...suspension },
    nextTickAt: nextTickAt === null ? null : new Date(nextTickAt),
    alertedAt: alertedAt === null ? null : new Date(alertedAt),
  });
}
