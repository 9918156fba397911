import { cloudEvent } from './cloud-event.js';
import { TEST_EVENT_TYPE } from './event-types.js';

/** What an endpoint gets when a person tries it. */
export function testEvent(facts: {
  readonly installation: string;
  readonly id: string;
  readonly endpointId: string;
  readonly requestedBy: string;
  /** RFC 3339 UTC. */
  readonly at: string;
}): string {
  const { installation, id, endpointId, requestedBy, at } = facts;
  const subject = `/v1/webhooks/${endpointId}`;
  const data = { webhookId: endpointId, requestedBy };
  return JSON.stringify(cloudEvent(installation, { id, type: TEST_EVENT_TYPE, subject, time: at, data }));
}
