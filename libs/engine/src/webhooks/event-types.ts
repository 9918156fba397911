/** What is told to webhooks. A type keeps its meaning for ever; docs/webhooks.md shows each with its body. */
export const WEBHOOK_EVENT_TYPES = [
  'dev.windlass.rotation.started',
  'dev.windlass.rotation.phase-changed',
  'dev.windlass.rotation.paused',
  'dev.windlass.rotation.blocked',
  'dev.windlass.rotation.resumed',
  'dev.windlass.rotation.gate-held',
  'dev.windlass.rotation.approval-awaited',
  'dev.windlass.rotation.succeeded',
  'dev.windlass.rotation.reverted',
  'dev.windlass.rotation.refused',
  'dev.windlass.drift.found',
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

/** Sent when a person asks for it, whatever the endpoint listens to. */
export const TEST_EVENT_TYPE = 'dev.windlass.webhook.test';
export type DeliveredType = WebhookEventType | typeof TEST_EVENT_TYPE;
