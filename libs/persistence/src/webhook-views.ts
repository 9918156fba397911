import type { DeliveredType, Secret, WebhookEventType } from '#engine';

/** What people may set. */
export interface WebhookSettings {
  readonly url: string;
  readonly description: string;
  /** Null: all. */
  readonly eventTypes: readonly WebhookEventType[] | null;
  /** Null: all. */
  readonly fleetIds: readonly string[] | null;
  readonly enabled: boolean;
}

/** An endpoint as people see it: its secrets never come out again. */
export interface WebhookView extends WebhookSettings {
  readonly id: string;
  readonly disabledAt: Date | null;
  /** Why Windlass disabled it; null where a person did. */
  readonly disabledReason: string | null;
  readonly lastDeliveredAt: Date | null;
  /** Until when deliveries are signed with the secret of before as well. */
  readonly previousSecretUntil: Date | null;
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** With a secret that was made just now: it is shown once. */
export interface WebhookWithSecret {
  readonly webhook: WebhookView;
  readonly secret: Secret;
}

export type DeliveryStatus = 'pending' | 'delivered' | 'failed';

/** One event for one endpoint, and how its tries went. */
export interface DeliveryView {
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly eventType: DeliveredType;
  readonly status: DeliveryStatus;
  /** Begun since it was recorded, or since a person asked for it again. */
  readonly attempts: number;
  readonly lastAttemptAt: Date | null;
  readonly nextAttemptAt: Date | null;
  /** HTTP status of the last try. */
  readonly responseCode: number | null;
  /** Why the last try failed. */
  readonly error: string | null;
  readonly redeliveredAt: Date | null;
  readonly redeliveredBy: string | null;
  readonly createdAt: Date;
}
