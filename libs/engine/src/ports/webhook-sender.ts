import type { Secret } from './secret.js';

export interface WebhookMessage {
  /** The id by which receivers know it again. */
  readonly id: string;
  readonly url: string;
  /** JSON of a CloudEvent. */
  readonly body: string;
  /** Signed with each. */
  readonly secrets: readonly Secret[];
  /** When it is sent, milliseconds since the Unix epoch: receivers refuse what is old. */
  readonly at: number;
}

/** The way to receivers that other people run: it leads to no place inside our own network unless that was allowed. */
export abstract class WebhookSender {
  /**
   * Refuses a URL that can never be sent to. Throws PortError `webhook.url-refused`; what a name resolves to is
   * judged by each {@link send}.
   */
  abstract check(url: string): void;

  /**
   * Signs and sends; returns the HTTP status whatever it is, and follows no redirect. Throws PortError
   * `webhook.url-refused`, `webhook.address-refused`, `webhook.unreachable`, `webhook.timed-out`.
   */
  abstract send(message: WebhookMessage): Promise<number>;
}
