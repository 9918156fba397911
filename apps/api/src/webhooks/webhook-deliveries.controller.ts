import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Clock } from '#engine';
import { WebhookDeliveries } from '#persistence';
import { MayAdminister, MayRead } from '../access/access-rule.js';
import { type ApiRequest, actorOf } from '../http/api-request.js';
import { HonoursIdempotencyKey, REPLAYED_HEADER } from '../http/idempotency-key.js';
import { pageRequest } from '../http/page.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_IDEMPOTENCY, WITH_KEY } from '../openapi/operation.js';
import { Deliveries, Delivery, DeliveryQuery } from './webhook-schemas.js';

/** What endpoints were told, and telling them again. Workers send; here it is only recorded that they are to. */
@ApiTags('webhooks')
@ApiBearerAuth(API_KEY)
@Controller('v1/webhooks')
export class WebhookDeliveriesController {
  constructor(
    @Inject(WebhookDeliveries) private readonly deliveries: WebhookDeliveries,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Post(':webhookId\\:test')
  @HttpCode(202)
  @MayAdminister('installation')
  @HonoursIdempotencyKey()
  @Operation({
    summary: 'Send a webhook a test event',
    description:
      'Once, whatever it listens to, and also while it is disabled. The log of deliveries shows how it went.',
    reply: {
      status: 202,
      description: 'Recorded; a worker sends it.',
      schema: Delivery,
      headers: REPLAYED_HEADER,
    },
    problems: [...WITH_KEY, ...WITH_IDEMPOTENCY, 'webhook.not-found'],
  })
  async testWebhook(
    @Param('webhookId', { schema: pathId }) webhookId: string,
    @Req() request: ApiRequest,
  ): Promise<z.output<typeof Delivery>> {
    const at = new Date(this.clock.now());
    return Delivery.parse(await this.deliveries.test(webhookId, actorOf(request), at));
  }

  @Get(':webhookId/deliveries')
  @MayRead('installation')
  @Operation({
    summary: 'List the deliveries of a webhook',
    description: 'They are kept for 30 days.',
    reply: { status: 200, description: 'Newest first.', schema: Deliveries },
    problems: [...WITH_KEY, 'webhook.not-found', 'page.bad-cursor'],
  })
  async listWebhookDeliveries(
    @Param('webhookId', { schema: pathId }) webhookId: string,
    @Query({ schema: DeliveryQuery }) query: z.output<typeof DeliveryQuery>,
  ): Promise<z.output<typeof Deliveries>> {
    const page = await this.deliveries.list(webhookId, query.status ?? null, pageRequest(query));
    return Deliveries.parse(page);
  }

  @Post(':webhookId/deliveries/:deliveryId\\:redeliver')
  @HttpCode(202)
  @MayAdminister('installation')
  @HonoursIdempotencyKey()
  @Operation({
    summary: 'Send a delivery again',
    description: 'With the same id and body, and with all its tries.',
    reply: {
      status: 202,
      description: 'Recorded; a worker sends it.',
      schema: Delivery,
      headers: REPLAYED_HEADER,
    },
    problems: [
      ...[...WITH_KEY, ...WITH_IDEMPOTENCY],
      ...(['webhook.not-found', 'webhook-delivery.not-found', 'webhook-delivery.pending'] as const),
    ],
  })
  async redeliverWebhookDelivery(
    @Param('webhookId', { schema: pathId }) webhookId: string,
    @Param('deliveryId', { schema: pathId }) deliveryId: string,
    @Req() request: ApiRequest,
  ): Promise<z.output<typeof Delivery>> {
    const at = new Date(this.clock.now());
    return Delivery.parse(await this.deliveries.redeliver(webhookId, deliveryId, actorOf(request), at));
  }
}
