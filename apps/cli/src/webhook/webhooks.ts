import type { ApiClient, components } from '#api-client';
import type { Call } from '../command-line/call.js';
import type { YES } from '../command-line/option.js';
import { agrees } from '../command-line/person.js';
import { oneCalled } from '../server/fleets.js';
import { allItems } from '../server/pages.js';
import { given } from '../server/server.js';
import { columns } from '../server/show.js';

type Webhook = components['schemas']['Webhook'];
type Delivery = components['schemas']['WebhookDelivery'];
type NoOptions = Record<never, never>;

const PREFIX = /^dev\.windlass\./;
const LATEST = 50;

export async function listWebhooks({ client, show }: Call<NoOptions>): Promise<number> {
  show(await allWebhooks(client), webhookTable);
  return 0;
}

export async function removeWebhook(call: Call<typeof YES>): Promise<number> {
  const { client, values, operands, desk, show } = call;
  const webhook = await webhookCalled(client, operands[0]);
  const wish = { yes: values.yes === true, otherwise: 'give --yes' };
  if (!(await agrees(desk.person, `Tell ${webhook.url} nothing more?`, wish))) return 1;
  await client.DELETE('/v1/webhooks/{webhookId}', { params: { path: { webhookId: webhook.id } } });
  show(webhook, () => `${webhook.url} is told nothing more`);
  return 0;
}

export async function testWebhook({ client, operands, desk, show }: Call<NoOptions>): Promise<number> {
  const { id: webhookId } = await webhookCalled(client, operands[0]);
  const { data } = await client.POST('/v1/webhooks/{webhookId}:test', {
    params: { path: { webhookId }, header: { 'Idempotency-Key': crypto.randomUUID() } },
  });
  show(given(data), (one) => deliveryTable([one]));
  desk.complain(`Next, to see what came of it: windlass webhook deliveries ${webhookId}`);
  return 0;
}

export async function listDeliveries({ client, operands, show }: Call<NoOptions>): Promise<number> {
  const { id: webhookId } = await webhookCalled(client, operands[0]);
  const { data } = await client.GET('/v1/webhooks/{webhookId}/deliveries', {
    params: { path: { webhookId }, query: { limit: LATEST } },
  });
  show(given(data).items, deliveryTable);
  return 0;
}

function allWebhooks(client: ApiClient): Promise<Webhook[]> {
  return allItems(async (query) => (await client.GET('/v1/webhooks', { params: { query } })).data);
}

async function webhookCalled(client: ApiClient, word = ''): Promise<Webhook> {
  const webhooks = (await allWebhooks(client)).map((one) => ({ ...one, name: one.url }));
  const { name, ...webhook } = oneCalled('webhook', webhooks, word);
  return webhook;
}

export function webhookTable(webhooks: readonly Webhook[]): string {
  return columns([
    ['URL', 'TOLD OF', 'FLEETS', 'STATE', 'LAST DELIVERED', 'ID'],
    ...webhooks.map(({ url, eventTypes, fleetIds, enabled, disabledReason, lastDeliveredAt, id }) => [
      ...[url, eventTypes?.map((type) => type.replace(PREFIX, '')).join(', ') ?? 'everything'],
      ...[fleetIds === null ? 'all' : String(fleetIds.length), enabled ? 'on' : (disabledReason ?? 'off')],
      ...[lastDeliveredAt ?? 'never', id],
    ]),
  ]);
}

function deliveryTable(deliveries: readonly Delivery[]): string {
  return columns([
    ['EVENT', 'STATUS', 'ATTEMPTS', 'ANSWER', 'AT', 'ID'],
    ...deliveries.map(
      ({ eventType, status, attempts, responseCode, error, lastAttemptAt, createdAt, id }) => [
        ...[eventType.replace(PREFIX, ''), status, String(attempts)],
        ...[error ?? (responseCode === null ? '-' : String(responseCode)), lastAttemptAt ?? createdAt, id],
      ],
    ),
  ]);
}
