import type { DataSource } from 'typeorm';
import { PortError, TEST_EVENT_TYPE, testEvent } from '#engine';
import { Database, type Session } from './database.js';
import { WebhookDeliveryEntity } from './entities/webhook-delivery.entity.js';
import { WebhookEndpointEntity } from './entities/webhook-endpoint.entity.js';
import { isId, newId } from './ids.js';
import { installationId } from './installation-id.js';
import { notFound } from './not-found.js';
import { decodeCursor, type Page, type PageRequest, toPage } from './page.js';
import type { DeliveryStatus, DeliveryView } from './webhook-views.js';

/** Deliveries of webhooks as people see them, and ask for them. A worker sends them. */
export class WebhookDeliveries {
  private readonly database: Database;

  constructor(dataSource: DataSource) {
    this.database = new Database(dataSource);
  }

  /** Newest first. Throws PortError `webhook.not-found`, `page.bad-cursor`. */
  async list(
    endpointId: string,
    status: DeliveryStatus | null,
    { cursor, limit }: PageRequest,
  ): Promise<Page<DeliveryView>> {
    const before = cursor === null ? null : decodeCursor(cursor);
    const rows = await this.database.snapshot(async (session) => {
      await requireEndpoint(session, endpointId);
      const query = session.manager
        .createQueryBuilder(WebhookDeliveryEntity, 'one')
        .where('one.endpointId = :endpointId', { endpointId });
      if (status !== null) query.andWhere({ status });
      if (before !== null) query.andWhere('(one.createdAt, one.id) < (:createdAt, :id)', { ...before });
      return query
        .orderBy('one.createdAt', 'DESC')
        .addOrderBy('one.id', 'DESC')
        .limit(limit + 1)
        .getMany();
    });
    return toPage(rows, limit, (row) => row);
  }

  /** Records a delivery that tells nothing but who asked for it. Throws PortError `webhook.not-found`. */
  test(endpointId: string, requestedBy: string, at: Date): Promise<DeliveryView> {
    const id = newId();
    return this.database.transaction(async (session) => {
      await requireEndpoint(session, endpointId);
      const installation = await installationId(session);
      const facts = { installation, id, endpointId, requestedBy, at: at.toISOString() };
      const event = { eventId: id, eventType: TEST_EVENT_TYPE, body: testEvent(facts) } as const;
      await session.manager.insert(WebhookDeliveryEntity, { id, endpointId, ...event, nextAttemptAt: at });
      return session.manager.findOneByOrFail(WebhookDeliveryEntity, { id });
    });
  }

  /**
   * Lets it be sent again, with all its tries and under the id that the receiver knows. Throws PortError
   * `webhook.not-found`, `webhook-delivery.not-found`, `webhook-delivery.pending`.
   */
  redeliver(endpointId: string, deliveryId: string, by: string, at: Date): Promise<DeliveryView> {
    return this.database.transaction(async (session) => {
      await requireEndpoint(session, endpointId);
      if (!isId(deliveryId)) throw notFound('webhook-delivery', deliveryId);
      const asked = await session.count(
        `UPDATE webhook_deliveries SET status = 'pending', attempts = 0, first_attempt_at = NULL,
           next_attempt_at = $3, claim = NULL, claimed_until = NULL, redelivered_at = $3, redelivered_by = $4
         WHERE id = $1 AND endpoint_id = $2 AND status <> 'pending'`,
        [deliveryId, endpointId, at, by],
      );
      const row = await session.manager.findOneBy(WebhookDeliveryEntity, { id: deliveryId, endpointId });
      if (row === null) throw notFound('webhook-delivery', deliveryId);
      if (asked === 0) throw pending(deliveryId);
      return row;
    });
  }
}

async function requireEndpoint({ manager }: Session, id: string): Promise<void> {
  const known = isId(id) && (await manager.existsBy(WebhookEndpointEntity, { id }));
  if (!known) throw notFound('webhook', id);
}

function pending(deliveryId: string): PortError {
  return new PortError({
    code: 'webhook-delivery.pending',
    message: `Delivery ${deliveryId} is still to be sent by itself.`,
    nextStep: 'Wait for its next try; enable the endpoint where it is disabled.',
  });
}
