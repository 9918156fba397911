import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import { Clock, WebhookSender } from '#engine';
import { WebhookEndpoints, type WebhookWithSecret as WithSecret } from '#persistence';
import { MayAdminister, MayRead } from '../access/access-rule.js';
import { type ApiRequest, actorOf } from '../http/api-request.js';
import { RefusesIdempotencyKey } from '../http/idempotency-key.js';
import { PageQuery, pageRequest } from '../http/page.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_BODY, WITH_KEY } from '../openapi/operation.js';
import {
  NewWebhook,
  SecretOverlap,
  Webhook,
  WebhookChange,
  Webhooks,
  WebhookWithSecret,
} from './webhook-schemas.js';

const BAD_URL = ['webhook.url-refused', 'webhook.address-refused'] as const;

/** Endpoints that are told of events. docs/webhooks.md says what they get. */
@ApiTags('webhooks')
@ApiBearerAuth(API_KEY)
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(
    @Inject(WebhookEndpoints) private readonly endpoints: WebhookEndpoints,
    @Inject(WebhookSender) private readonly sender: WebhookSender,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Post()
  @MayAdminister('installation')
  @RefusesIdempotencyKey()
  @Operation({
    summary: 'Tell an endpoint of events',
    description: 'As CloudEvents, signed as Standard Webhooks: of what happens from now on.',
    reply: {
      status: 201,
      description: 'Recorded. The secret is never shown again.',
      schema: WebhookWithSecret,
      headers: { Location: 'Path of the webhook.' },
    },
    problems: [
      ...[...WITH_KEY, ...WITH_BODY, ...BAD_URL],
      ...(['request.idempotency-not-kept', 'fleet.not-found'] as const),
    ],
  })
  async createWebhook(
    @Body({ schema: NewWebhook }) body: z.output<typeof NewWebhook>,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.output<typeof WebhookWithSecret>> {
    this.sender.check(body.url);
    const created = await this.endpoints.create(body, actorOf(request));
    response.location(`/v1/webhooks/${created.webhook.id}`);
    return shownOnce(created);
  }

  @Get()
  @MayRead('installation')
  @Operation({
    summary: 'List the webhooks',
    reply: { status: 200, description: 'Oldest first.', schema: Webhooks },
    problems: [...WITH_KEY, 'page.bad-cursor'],
  })
  async listWebhooks(
    @Query({ schema: PageQuery }) query: z.output<typeof PageQuery>,
  ): Promise<z.output<typeof Webhooks>> {
    return Webhooks.parse(await this.endpoints.list(pageRequest(query)));
  }

  @Get(':webhookId')
  @MayRead('installation')
  @Operation({
    summary: 'Read a webhook',
    reply: { status: 200, description: 'Without its secret.', schema: Webhook },
    problems: [...WITH_KEY, 'webhook.not-found'],
  })
  async readWebhook(
    @Param('webhookId', { schema: pathId }) webhookId: string,
  ): Promise<z.output<typeof Webhook>> {
    return Webhook.parse(await this.endpoints.get(webhookId));
  }

  @Patch(':webhookId')
  @MayAdminister('installation')
  @Operation({
    summary: 'Change a webhook, disable it or enable it again',
    reply: { status: 200, description: 'As it is now.', schema: Webhook },
    problems: [...WITH_KEY, ...WITH_BODY, ...BAD_URL, 'webhook.not-found', 'fleet.not-found'],
  })
  async changeWebhook(
    @Param('webhookId', { schema: pathId }) webhookId: string,
    @Body({ schema: WebhookChange }) body: z.output<typeof WebhookChange>,
  ): Promise<z.output<typeof Webhook>> {
    if (body.url !== undefined) this.sender.check(body.url);
    const named = Object.entries(body).filter(([, value]) => value !== undefined);
    return Webhook.parse(await this.endpoints.change(webhookId, Object.fromEntries(named)));
  }

  @Delete(':webhookId')
  @HttpCode(204)
  @MayAdminister('installation')
  @Operation({
    summary: 'Remove a webhook with all its deliveries',
    reply: { status: 204, description: 'It is told nothing more.' },
    problems: [...WITH_KEY, 'webhook.not-found'],
  })
  async removeWebhook(@Param('webhookId', { schema: pathId }) webhookId: string): Promise<void> {
    await this.endpoints.remove(webhookId);
  }

  @Post(':webhookId\\:rotate-secret')
  @HttpCode(200)
  @MayAdminister('installation')
  @RefusesIdempotencyKey()
  @Operation({
    summary: 'Give a webhook a new secret',
    description:
      'For a while deliveries are signed with both, so that the receiver may change over without losing one. A ' +
      'secret that leaked is gone at once with `overlapSeconds` 0.',
    reply: { status: 200, description: 'The new secret, never shown again.', schema: WebhookWithSecret },
    problems: [...WITH_KEY, ...WITH_BODY, 'request.idempotency-not-kept', 'webhook.not-found'],
  })
  async rotateWebhookSecret(
    @Param('webhookId', { schema: pathId }) webhookId: string,
    @Body({ schema: SecretOverlap }) { overlapSeconds }: z.output<typeof SecretOverlap>,
  ): Promise<z.output<typeof WebhookWithSecret>> {
    const until = new Date(this.clock.now() + overlapSeconds * 1_000);
    return shownOnce(await this.endpoints.rotateSecret(webhookId, until));
  }
}

function shownOnce({ webhook, secret }: WithSecret): z.output<typeof WebhookWithSecret> {
  return WebhookWithSecret.parse({ ...webhook, secret: secret.reveal() });
}
