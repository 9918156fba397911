import type { Request } from 'express';
import type { ApiKeyView } from '#persistence';

/** An Express request as our middleware leaves it. */
export interface ApiRequest extends Request {
  /** In the reply's X-Request-Id and in every line that the log has about it. */
  requestId: string;
  /** Whose key came with it; undefined without a valid one. */
  caller?: ApiKeyView;
  /** For what the request creates, when it came with an Idempotency-Key. */
  idempotentId?: string;
}

/**
 * Who a command is recorded for, as `requestedBy`. The id tells two keys apart, whatever they are called; the label is
 * for people.
 */
export function actorOf({ caller }: ApiRequest): string {
  if (caller === undefined) return 'api-key:none';
  return caller.label === '' ? `api-key:${caller.id}` : `api-key:${caller.id} (${caller.label})`;
}
