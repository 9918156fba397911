import type { components } from '#api-client';

export type Webhook = components['schemas']['Webhook'];
export type Delivery = components['schemas']['WebhookDelivery'];
export type EventType = NonNullable<Webhook['eventTypes']>[number];

const PREFIX = 'dev.windlass.';

/** Every kind of event; the compiler sees to it that none is missing or made up. */
const SAYS: Readonly<Record<EventType, true>> = {
  'dev.windlass.rotation.started': true,
  'dev.windlass.rotation.phase-changed': true,
  'dev.windlass.rotation.paused': true,
  'dev.windlass.rotation.blocked': true,
  'dev.windlass.rotation.resumed': true,
  'dev.windlass.rotation.gate-held': true,
  'dev.windlass.rotation.approval-awaited': true,
  'dev.windlass.rotation.succeeded': true,
  'dev.windlass.rotation.reverted': true,
  'dev.windlass.rotation.refused': true,
  'dev.windlass.drift.found': true,
};

export const EVENT_TYPES = Object.keys(SAYS) as EventType[];

/** `rotation.started`: what tells a kind of event from the others. */
export function shortType(type: string): string {
  return type.startsWith(PREFIX) ? type.slice(PREFIX.length) : type;
}
