import { randomUUID } from 'node:crypto';
import { context } from '@opentelemetry/api';
import type { NextFunction, RequestHandler, Response } from 'express';
import { withLogFields } from '#platform';
import type { ApiLog } from '../api-log.js';
import type { ApiRequest } from './api-request.js';
import { routesAt } from './known-routes.js';
import { beginRequestSpan, endRequestSpan } from './request-span.js';

const USABLE_ID = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Gives each request an id (the caller's own X-Request-Id when it is usable), the headers that every reply has,
 * and one line in the log when it is over. The line has the route, never the path, query, body or headers. All that is
 * done for it is part of one trace, and every line about it has its id.
 */
export function traceRequest(log: ApiLog): RequestHandler {
  return (plain, response: Response, next: NextFunction) => {
    const request = plain as ApiRequest;
    const given = request.get('x-request-id') ?? '';
    request.requestId = USABLE_ID.test(given) ? given : randomUUID();
    const begun = performance.now();
    response.set({
      'X-Request-Id': request.requestId,
      'Cache-Control': 'no-store',
    });
    const here = beginRequestSpan(request, request.requestId);
    const ended = () => {
      log.info(lineOf(request, response, begun), 'request');
      endRequestSpan(here, request, response, routeOf(request));
    };
    response.once('close', context.bind(here, ended));
    context.with(here, () => withLogFields({ requestId: request.requestId }, next));
  };
}

function lineOf(request: ApiRequest, response: Response, begun: number): object {
  return {
    method: request.method,
    route: routeOf(request),
    status: response.statusCode,
    milliseconds: Math.round(performance.now() - begun),
    requestId: request.requestId,
    ...(request.caller ? { caller: request.caller.id } : {}),
    ...(response.writableFinished ? {} : { cut: true }),
  };
}

/** Also when the request was refused before it reached its route. */
function routeOf(request: ApiRequest): string {
  if (request.baseUrl === '/docs') return '/docs';
  const method = request.method.toLowerCase();
  return routesAt(request).find(({ methods }) => methods.includes(method))?.path ?? '(none)';
}
