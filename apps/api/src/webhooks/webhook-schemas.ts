import { z } from 'zod';
import { TEST_EVENT_TYPE, WEBHOOK_EVENT_TYPES } from '#engine';
import { pageOf, pageQuery } from '../http/page.js';
import { id, line, timestamp } from '../http/text.js';

const eventType = z.enum(WEBHOOK_EVENT_TYPES);

const url = line(2_048).meta({
  description:
    'Where events are POSTed to. https, at an address of the internet; other ranges where the operator allowed them. Everybody who may read webhooks sees it.',
  examples: ['https://hooks.example/windlass'],
});
const description = z.union([z.literal(''), line(200)]).meta({ description: 'For people.' });
const eventTypes = z
  .array(eventType)
  .min(1)
  .max(WEBHOOK_EVENT_TYPES.length)
  .refine((types) => new Set(types).size === types.length, 'must name no type twice')
  .nullable()
  .meta({ description: 'What it is told of; null: everything, also what a later release adds.' });
const fleetIds = z
  .array(id)
  .min(1)
  .max(200)
  .nullable()
  .meta({ description: 'Fleets that it is told of; null: all.' });

export const NewWebhook = z
  .strictObject({
    url,
    description: description.default(''),
    eventTypes: eventTypes.default(null),
    fleetIds: fleetIds.default(null),
    enabled: z.boolean().default(true),
  })
  .meta({ id: 'NewWebhook' });

export const WebhookChange = z
  .strictObject({
    url: url.optional(),
    description: description.optional(),
    eventTypes: eventTypes.optional(),
    fleetIds: fleetIds.optional(),
    enabled: z.boolean().optional().meta({
      description: 'Enabled again, it goes on with what waits for it, and is told what happens from then on.',
    }),
  })
  .meta({ id: 'WebhookChange', description: 'What is left out stays.' });

export const SecretOverlap = z
  .strictObject({
    overlapSeconds: z.int().min(0).max(604_800).default(86_400).meta({
      description: 'How long deliveries are signed with the secret of before as well.',
    }),
  })
  .meta({ id: 'SecretOverlap' });

export const Webhook = z
  .object({
    id,
    url: z.string(),
    description: z.string(),
    eventTypes: z.array(eventType).nullable(),
    fleetIds: z.array(id).nullable(),
    enabled: z.boolean(),
    disabledAt: timestamp.nullable(),
    disabledReason: z.string().nullable().meta({
      description: 'Why Windlass disabled it; null where a person did.',
    }),
    lastDeliveredAt: timestamp.nullable(),
    previousSecretUntil: timestamp.nullable().meta({
      description: 'Until when deliveries are signed with the secret of before as well.',
    }),
    createdBy: z.string(),
    createdAt: timestamp,
  })
  .meta({ id: 'Webhook', description: 'An endpoint that is told of events, without its secret.' });

export const WebhookWithSecret = Webhook.extend({
  secret: z.string().meta({
    description: 'What deliveries are signed with (Standard Webhooks, HMAC-SHA256). Shown this once.',
  }),
}).meta({ id: 'WebhookWithSecret' });

export const Webhooks = pageOf(Webhook);

const status = z.enum(['pending', 'delivered', 'failed']);

export const DeliveryQuery = z.strictObject({
  ...pageQuery,
  status: status.optional().meta({ description: 'Only these.' }),
});

export const Delivery = z
  .object({
    id,
    eventId: z
      .string()
      .meta({ description: '`webhook-id` of each try: receivers know by it what they had.' }),
    eventType: z.enum([...WEBHOOK_EVENT_TYPES, TEST_EVENT_TYPE]),
    status: status.meta({
      description: 'pending: sent at `nextAttemptAt`. failed: not sent again unless a person asks for it.',
    }),
    attempts: z.int().meta({ description: 'Begun since it was recorded, or asked for again.' }),
    lastAttemptAt: timestamp.nullable(),
    nextAttemptAt: timestamp.nullable(),
    responseCode: z.int().nullable().meta({ description: 'HTTP status of the last try; null: no reply.' }),
    error: z.string().nullable().meta({ description: 'Why the last try failed.' }),
    redeliveredAt: timestamp.nullable().meta({ description: 'When a person asked for it again.' }),
    redeliveredBy: z.string().nullable(),
    createdAt: timestamp,
  })
  .meta({ id: 'WebhookDelivery', description: 'One event for one endpoint, and how its tries went.' });

export const Deliveries = pageOf(Delivery);
