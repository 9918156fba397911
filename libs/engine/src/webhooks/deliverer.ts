import { logTrouble } from '../log-trouble.js';
import type { Clock } from '../ports/clock.js';
import { PortError } from '../ports/problem.js';
import type { WebhookSender } from '../ports/webhook-sender.js';
import type { ClaimedDelivery, DeliveryOutcome, WebhookStore } from '../ports/webhook-store.js';
import { TEST_EVENT_TYPE } from './event-types.js';
import type { WebhookLog } from './log.js';
import { MOST_ATTEMPTS, pauseAfter } from './retries.js';

export interface DelivererParts {
  readonly store: WebhookStore;
  readonly sender: WebhookSender;
  readonly clock: Clock;
  readonly log: WebhookLog;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Deliveries that one worker sends at once. */
const MOST_AT_ONCE = 16;
/** Longer than any send takes: a delivery that is not settled by then belongs to a worker that is gone. */
const CLAIM_MS = 60_000;
/** The receiver wants nothing more from us: https://github.com/standard-webhooks/standard-webhooks */
const GONE = 410;

/** Sends what is due. What a worker sent and could not record is sent again, under the same id. */
export class Deliverer {
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly parts: DelivererParts) {}

  /** Begins to send what is due and what there is room for. Throws what the store throws. */
  async begin(): Promise<void> {
    const room = MOST_AT_ONCE - this.running.size;
    if (room <= 0) return;
    const now = this.parts.clock.now();
    for (const delivery of await this.parts.store.claim(now, now + CLAIM_MS, room)) {
      const work = this.deliver(delivery).finally(() => this.running.delete(work));
      this.running.add(work);
    }
  }

  /** Until everything that was begun has come to an end. */
  async settled(): Promise<void> {
    await Promise.all(this.running);
  }

  private async deliver(delivery: ClaimedDelivery): Promise<void> {
    const { log, store } = this.parts;
    const { id, endpointId } = delivery;
    try {
      const outcome = await this.attempt(delivery);
      const disabled = await store.settle(delivery, outcome);
      if (disabled)
        log.warn({ endpointId, reason: outcome.disable?.reason }, 'a webhook endpoint was disabled');
    } catch (error) {
      const fields = { deliveryId: id, endpointId, error };
      logTrouble(log, fields, 'how a delivery ended was not recorded; it is sent again');
    }
  }

  private async attempt(delivery: ClaimedDelivery): Promise<DeliveryOutcome> {
    const { endpointId, eventId, url, body } = delivery;
    const { sender, store, clock, log } = this.parts;
    try {
      const secrets = await store.secrets(endpointId, clock.now());
      const code = await sender.send({ id: eventId, url, body, secrets, at: clock.now() });
      if (code >= 200 && code < 300) return delivered(clock.now(), code);
      return this.failed(delivery, code, `The receiver answered ${code}.`);
    } catch (error) {
      if (error instanceof PortError) return this.failed(delivery, null, error.message);
      log.error({ deliveryId: delivery.id, endpointId, error }, 'a delivery could not be sent');
      return this.failed(delivery, null, 'Windlass could not send it; the log of the worker says why.');
    }
  }

  private failed(delivery: ClaimedDelivery, responseCode: number | null, error: string): DeliveryOutcome {
    const at = this.parts.clock.now();
    const test = delivery.type === TEST_EVENT_TYPE;
    const gone = responseCode === GONE && !test;
    const last = test || gone || delivery.attempt >= MOST_ATTEMPTS;
    return {
      ...{ at, responseCode, error },
      nextAttemptAt: last ? null : at + pauseAfter(delivery.attempt, this.parts.random()),
      disable: last && !test ? disabling(gone, error) : null,
    };
  }
}

function delivered(at: number, responseCode: number): DeliveryOutcome {
  return { at, responseCode, error: null, nextAttemptAt: null, disable: null };
}

function disabling(gone: boolean, error: string): DeliveryOutcome['disable'] {
  if (gone) return { reason: 'The receiver answered 410 (gone): it wants nothing more.', when: 'at-once' };
  const reason = `One delivery failed ${MOST_ATTEMPTS} times over about a day, and none was taken meanwhile. The last time: ${error}`;
  return { reason, when: 'unless-delivered' };
}
