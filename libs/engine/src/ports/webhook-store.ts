import type { DeliveredType, WebhookEventType } from '../webhooks/event-types.js';
import type { DriftFinding } from './schedule-store.js';
import type { Secret } from './secret.js';

/** How far the events of one source were derived: a journal by its sequence, the looks of a schedule by their time. */
export interface WebhookCursor {
  readonly source: 'rotation' | 'drift';
  /** Of the rotation, or of the schedule. */
  readonly id: string;
  /** Sequence of the last entry, or milliseconds since the Unix epoch of the last look; 0: none yet. */
  readonly after: number;
}

/** A look for drift that nobody was told of. */
export interface UntoldDrift {
  readonly cursor: WebhookCursor;
  readonly fleetId: string;
  readonly fleetName: string;
  readonly finding: DriftFinding;
}

/** An event as it is told, whoever listens. */
export interface WebhookEvent {
  /** The same each time that the event is derived: receivers know by it what they have had already. */
  readonly id: string;
  readonly type: WebhookEventType;
  readonly fleetIds: readonly string[];
  /** RFC 3339 UTC. Endpoints that were made later are not told. */
  readonly at: string;
  /** The body, byte for byte: a signature is over these bytes. */
  readonly body: string;
}

/** A delivery that a worker has taken. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly endpointId: string;
  /** Whose settlement counts: another worker may have taken it over since. */
  readonly claim: string;
  readonly eventId: string;
  readonly type: DeliveredType;
  readonly body: string;
  readonly url: string;
  /** 1 for the first try, this one counted in. */
  readonly attempt: number;
}

/** How a try ended. Times are milliseconds since the Unix epoch. */
export interface DeliveryOutcome {
  readonly at: number;
  /** HTTP status; null when there was no reply. */
  readonly responseCode: number | null;
  /** Why it counts as failed, for people; null when it was delivered. */
  readonly error: string | null;
  /** When to try again; null: never. */
  readonly nextAttemptAt: number | null;
  /**
   * Why the endpoint is to be disabled. `unless-delivered`: only when nothing reached it since the first try of this
   * delivery.
   */
  readonly disable: { readonly reason: string; readonly when: 'at-once' | 'unless-delivered' } | null;
}

/** Deliveries to webhooks: rows that outlive every worker and every queue. */
export abstract class WebhookStore {
  /** Rotations with entries that no event was derived from yet, where anybody listens. */
  abstract rotationsBehind(): Promise<readonly WebhookCursor[]>;
  /** The newest look of each schedule that found drift and was not told of. */
  abstract untoldDrift(): Promise<readonly UntoldDrift[]>;
  /**
   * Moves the cursor to `to` and records a delivery of each event to each endpoint that listens to it, all or
   * nothing. False, and nothing is recorded, when the cursor is somewhere else by now.
   */
  abstract announce(cursor: WebhookCursor, to: number, events: readonly WebhookEvent[]): Promise<boolean>;
  /**
   * Takes deliveries that are due until `until`, and counts the try. A worker that dies with one leaves it to
   * whoever comes after `until`. No endpoint has more than some few of them at once.
   */
  abstract claim(now: number, until: number, most: number): Promise<readonly ClaimedDelivery[]>;
  /**
   * What the endpoint's deliveries are signed with: newest first, two while receivers change over from one to the
   * next, none when it was removed. Throws PortError `secret.not-opened`.
   */
  abstract secrets(endpointId: string, now: number): Promise<readonly Secret[]>;
  /** Records how it ended; does nothing when another worker has taken it since. True when it disabled the endpoint. */
  abstract settle(delivery: ClaimedDelivery, outcome: DeliveryOutcome): Promise<boolean>;
  /** Removes what was recorded or asked for again before `before`, but for what is still to be sent. Returns how many. */
  abstract prune(before: number): Promise<number>;
}
