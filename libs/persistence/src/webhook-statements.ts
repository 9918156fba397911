import { TEST_EVENT_TYPE } from '#engine';

/** Entries of before the first endpoint are of no interest to anybody; without one, none is. */
export const ROTATIONS_BEHIND = `
SELECT rotations.id, coalesce(position, 0) AS after
  FROM rotations LEFT JOIN webhook_cursors AS told ON source = 'rotation' AND told.id = rotations.id
 WHERE version > coalesce(position, 0) AND updated_at >= (SELECT min(created_at) FROM webhook_endpoints)
 ORDER BY updated_at, rotations.id LIMIT 100`;

export const UNTOLD_DRIFT = `
SELECT schedules.id AS "scheduleId", fleets.id AS "fleetId", fleets.name AS "fleetName", last_drift AS finding,
       coalesce(position, 0) AS after
  FROM schedules JOIN fleets ON fleets.id = fleet_id
  LEFT JOIN webhook_cursors AS told ON source = 'drift' AND told.id = schedules.id
 WHERE last_drift->>'inSync' = 'false'
   AND (last_drift->>'at')::timestamptz >= (SELECT min(created_at) FROM webhook_endpoints)
   AND extract(epoch FROM (last_drift->>'at')::timestamptz) * 1000 > coalesce(position, 0)
 ORDER BY schedules.id LIMIT 100`;

/** Of one endpoint at once: a receiver that takes its time holds up nobody else. */
const MOST_OF_ONE = 4;

/** $1 now, $2 until when, $3 how many at most, $4 the claim. */
export const CLAIM = `
WITH ranked AS (
  SELECT d.id, row_number() OVER (PARTITION BY d.endpoint_id
      ORDER BY coalesce(d.claimed_until > $1, false) DESC, d.next_attempt_at, d.id) AS place
    FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id
   WHERE d.status = 'pending' AND d.next_attempt_at <= $1 AND (e.enabled OR d.event_type = '${TEST_EVENT_TYPE}')
), picked AS (
  SELECT d.id FROM webhook_deliveries d
   WHERE d.id IN (SELECT id FROM ranked WHERE place <= ${MOST_OF_ONE}) AND d.status = 'pending'
     AND d.next_attempt_at <= $1 AND (d.claimed_until IS NULL OR d.claimed_until <= $1)
   ORDER BY d.next_attempt_at, d.id LIMIT $3 FOR UPDATE SKIP LOCKED
)
UPDATE webhook_deliveries d
   SET claim = $4, claimed_until = $2, attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, $1)
  FROM picked, webhook_endpoints e
 WHERE d.id = picked.id AND e.id = d.endpoint_id
RETURNING d.id, d.endpoint_id AS "endpointId", d.claim, d.event_id AS "eventId", d.event_type AS type, d.body,
  e.url, d.attempts AS attempt`;

/** $1 the delivery, $2 the claim, $3 when, $4 the status of the reply, $5 what went wrong, $6 the next try. */
export const SETTLE = `
WITH settled AS (
  UPDATE webhook_deliveries
     SET status = CASE WHEN $5::text IS NULL THEN 'delivered' WHEN $6::timestamptz IS NULL THEN 'failed' ELSE 'pending' END,
         last_attempt_at = $3, response_code = $4, error = $5, next_attempt_at = $6,
         claim = NULL, claimed_until = NULL
   WHERE id = $1 AND claim = $2 RETURNING endpoint_id, first_attempt_at, status
), reached AS (
  UPDATE webhook_endpoints SET last_delivered_at = greatest(last_delivered_at, $3::timestamptz)
   WHERE id IN (SELECT endpoint_id FROM settled WHERE status = 'delivered')
)
SELECT first_attempt_at AS since FROM settled`;

/** $1 the endpoint, $2 when, $3 why, $4: not when something reached it from then on. */
export const DISABLE = `
UPDATE webhook_endpoints SET enabled = false, disabled_at = $2, disabled_reason = $3
 WHERE id = $1 AND enabled AND ($4::timestamptz IS NULL OR last_delivered_at IS NULL OR last_delivered_at < $4)`;

/** What waits for an endpoint that somebody may enable again waits no longer than what was delivered is kept. */
export const PRUNE = `
DELETE FROM webhook_deliveries d USING webhook_endpoints e
 WHERE e.id = d.endpoint_id AND (d.status <> 'pending' OR NOT e.enabled)
   AND coalesce(d.redelivered_at, d.created_at) < $1`;
