import { randomUUID } from 'node:crypto';
import type { ClaimedDelivery, DeliveryOutcome, WebhookEvent } from '#engine';
import {
  PostgresWebhookStore,
  WebhookDeliveries,
  WebhookEndpoints,
  type WebhookSettings,
} from '#persistence';
import { newWebhookSecret } from '#webhooks';
import { openTestStores, type TestStores } from '../kit/stored-fleet.js';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const WHOLE_LOG = { cursor: null, limit: 50 };
export const FAILED = { responseCode: 500, error: 'The receiver answered 500.' };
export const ANYTHING: WebhookSettings = {
  ...{ url: 'https://hooks.example/', description: '' },
  ...{ eventTypes: null, fleetIds: null, enabled: true },
};

export function anEvent(over: Partial<WebhookEvent> = {}): WebhookEvent {
  return {
    ...{ id: randomUUID(), type: 'dev.windlass.rotation.started', fleetIds: [randomUUID()] },
    ...{ at: new Date(Date.now() + 1_000).toISOString(), body: '{}', ...over },
  };
}

export function first(claimed: readonly ClaimedDelivery[]): ClaimedDelivery {
  const [one] = claimed;
  if (one === undefined) throw new Error('nothing was due');
  return one;
}

/** Endpoints and deliveries in a database of their own, at a time that the test moves. */
export class WebhookRows {
  now = Date.now();

  private constructor(
    readonly stores: TestStores,
    readonly store: PostgresWebhookStore,
    readonly endpoints: WebhookEndpoints,
    readonly deliveries: WebhookDeliveries,
  ) {}

  static async open(): Promise<WebhookRows> {
    const stores = await openTestStores();
    const { dataSource, box } = stores;
    const endpoints = new WebhookEndpoints(dataSource, box, newWebhookSecret);
    const store = new PostgresWebhookStore(dataSource, box);
    return new WebhookRows(stores, store, endpoints, new WebhookDeliveries(dataSource));
  }

  clear(): Promise<void> {
    return this.stores.dataSource.query('DELETE FROM webhook_endpoints');
  }

  /** What is told of from now on is due a minute later. */
  async endpoint(over: Partial<WebhookSettings> = {}): Promise<string> {
    const { webhook } = await this.endpoints.create({ ...ANYTHING, ...over }, 'ana');
    this.now = Date.now() + MINUTE_MS;
    return webhook.id;
  }

  tell(...events: WebhookEvent[]): Promise<boolean> {
    return this.store.announce({ source: 'rotation', id: randomUUID(), after: 0 }, 1, events);
  }

  claim(most = 50): Promise<readonly ClaimedDelivery[]> {
    return this.store.claim(this.now, this.now + MINUTE_MS, most);
  }

  async log(id: string) {
    return (await this.deliveries.list(id, null, WHOLE_LOG)).items;
  }

  /** Of a try that ends now: delivered when nothing else is said. */
  outcome(over: Partial<DeliveryOutcome> = {}): DeliveryOutcome {
    const delivered = { responseCode: 204, error: null, nextAttemptAt: null, disable: null };
    return { at: this.now, ...delivered, ...over };
  }
}
