import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { ApiRequest } from './api-request.js';
import { routesAt } from './known-routes.js';
import { RequestFault } from './request-fault.js';

/**
 * Refuses a method that the path does not have before another route takes the path for its own: `GET
 * /v1/rotations/7:abort` is not the read of a rotation with the id `7:abort`. To strangers the guard says no more than
 * that they are strangers.
 */
export function refuseOtherMethods(): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction) => {
    const known = (request as ApiRequest).caller !== undefined || !request.path.startsWith('/v1/');
    const fault = known && request.method !== 'OPTIONS' ? methodNotAllowed(request) : null;
    next(fault ?? undefined);
  };
}

/** What is wrong with the method of a request; null where the path has it, and where the path is none. */
export function methodNotAllowed(request: Request): RequestFault | null {
  const methods = new Set(routesAt(request).flatMap((route) => route.methods));
  const method = request.method === 'HEAD' ? 'get' : request.method.toLowerCase();
  if (methods.size === 0 || methods.has(method)) return null;
  const allow = [...methods].sort().join(', ').toUpperCase();
  const detail = `This path is not served with ${request.method}.`;
  return new RequestFault('request.method-not-allowed', detail, `Use ${allow}.`, {
    headers: { Allow: allow },
  });
}
