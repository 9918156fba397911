import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, type Options, rateLimit } from 'express-rate-limit';
import type { Rates } from '#platform';
import type { ApiRequest } from '../http/api-request.js';
import { RequestFault } from '../http/request-fault.js';

const WINDOW_MS = 60_000;

/**
 * Counts the requests of each caller, and those without a good key or token by the address that they come from.
 * A known caller is never counted by the address: a stranger behind the same proxy cannot lock others out.
 */
export function throttle({ requests, refusals }: Rates): readonly RequestHandler[] {
  return [
    rateLimit({
      ...{ ...options('caller', 'You send more than that'), limit: requests },
      skip: (request) => callerOf(request) === undefined,
      keyGenerator: (request) => callerOf(request)?.id ?? '',
    }),
    rateLimit({
      ...{ ...options('address', 'Your address sends more than that without a good key'), limit: refusals },
      skip: (request) => callerOf(request) !== undefined,
      // One who has an IPv6 address has 2^64 of them.
      keyGenerator: ({ socket }) => ipKeyGenerator(socket.remoteAddress ?? '', 64),
    }),
  ];
}

function options(identifier: string, what: string): Partial<Options> {
  return {
    ...{ identifier, windowMs: WINDOW_MS, standardHeaders: 'draft-8', legacyHeaders: false },
    handler: (_request: Request, _response: Response, next: NextFunction, { limit }: Options) =>
      next(tooMany(`One process of the API takes ${String(limit)} requests a minute. ${what}.`)),
    // Its checks of proxies are about addresses in headers, which are read nowhere.
    validate: false,
  };
}

function callerOf(request: Request) {
  return (request as ApiRequest).caller;
}

function tooMany(detail: string): RequestFault {
  return new RequestFault(
    'request.too-many',
    detail,
    'Wait for as long as Retry-After says, and ask less often.',
  );
}
