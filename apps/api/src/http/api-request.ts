import type { Request } from 'express';
import type { ApiKeyView } from '#persistence';

/** An Express request as our middleware leaves it. */
export interface ApiRequest extends Request {
  /** In the reply's X-Request-Id and in every line that the log has about it. */
  requestId: string;
  /** Whose key came with it; undefined without a valid one. */
  caller?: ApiKeyView;
}

/** Who a command is recorded for, as `requestedBy`. */
export function actorOf({ caller }: ApiRequest): string {
  return `api-key:${caller?.label || caller?.id || 'none'}`;
}
