import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Readiness } from '../health/readiness.js';

/**
 * Ends each connection with its next reply once the process is about to stop: a server that takes no new ones still
 * serves what comes on those that it has, and would not end as long as their clients ask on.
 */
export function endConnections(readiness: Readiness): RequestHandler {
  return (_request: Request, response: Response, next: NextFunction) => {
    if (readiness.draining) response.set('Connection', 'close');
    next();
  };
}
