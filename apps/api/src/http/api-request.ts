import type { Request } from 'express';
import { actorText } from '#rotation';
import type { Caller } from '../access/caller.js';
import type { RequestFault } from './request-fault.js';

/** An Express request as our middleware leaves it. */
export interface ApiRequest extends Request {
  /** In the reply's X-Request-Id and in every line that the log has about it. */
  requestId: string;
  /** Who sent it; undefined without a good key or token. */
  caller?: Caller;
  /** What to say to a caller that is not known, if it is more than that a key is needed. */
  refusal?: RequestFault;
  /** Number of the audit entry that was written before it took effect. */
  auditIntent?: number;
  /** For what the request creates, when it came with an Idempotency-Key. */
  idempotentId?: string;
}

/** Who a command is recorded for, such as in `requestedBy`. */
export function actorOf({ caller }: ApiRequest): string {
  if (caller === undefined) throw new Error('a route that records who asked must not be open to everybody');
  return actorText(caller.id, caller.name);
}

/** Who sent a request to a route that is not open to everybody. */
export function callerOf({ caller }: ApiRequest): Caller {
  if (caller === undefined) throw new Error('the guard let somebody in whom it does not know');
  return caller;
}

/** Whether nothing is to be done but said what would be. Routes that know of no such thing refuse the parameter. */
export function isDryRun({ query }: ApiRequest): boolean {
  return query.dryRun === 'true';
}
