import type { WebhookCursor, WebhookEvent } from '#engine';
import type { Session } from './database.js';
import { newId } from './ids.js';

/** False when the cursor is somewhere else: another worker was faster. It waits for one that is just about to be. */
export async function moveCursor(
  session: Session,
  { source, id, after }: WebhookCursor,
  to: number,
): Promise<boolean> {
  const moved = await session.count(
    `INSERT INTO webhook_cursors (source, id, position) VALUES ($1, $2, $4)
       ON CONFLICT (source, id) DO UPDATE SET position = excluded.position WHERE webhook_cursors.position = $3`,
    [source, id, after, to],
  );
  return moved === 1;
}

export async function recordDeliveries(session: Session, events: readonly WebhookEvent[]): Promise<void> {
  for (const event of events) await recordOne(session, event);
}

/** The lock keeps an endpoint from being removed before its delivery is there. */
const LISTENERS = `
SELECT id FROM webhook_endpoints
 WHERE enabled AND created_at <= $1 AND (event_types IS NULL OR $2 = ANY (event_types))
   AND (fleet_ids IS NULL OR fleet_ids && $3::uuid[]) ORDER BY id FOR KEY SHARE`;

async function recordOne(session: Session, { id, type, fleetIds, at, body }: WebhookEvent): Promise<void> {
  const listeners = await session.rows<{ id: string }>(LISTENERS, [at, type, fleetIds]);
  if (listeners.length === 0) return;
  await session.count(
    `INSERT INTO webhook_deliveries (id, endpoint_id, event_id, event_type, body, next_attempt_at)
     SELECT d.id, d.endpoint_id, $3, $4, $5, $6 FROM unnest($1::uuid[], $2::uuid[]) AS d (id, endpoint_id)
     ON CONFLICT (endpoint_id, event_id) DO NOTHING`,
    [listeners.map(() => newId()), listeners.map((one) => one.id), id, type, body, at],
  );
}
