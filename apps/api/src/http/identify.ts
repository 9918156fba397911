import type { NextFunction, RequestHandler, Response } from 'express';
import type { ApiKeys } from '#persistence';
import { hashApiKey } from '#platform';
import type { ApiRequest } from './api-request.js';

const BEARER = /^Bearer +([\x21-\x7e]{1,512}) *$/i;

/**
 * Finds out whose key came with the request, before its body is read. It refuses nothing: that is the guard's.
 * The key is hashed at once and kept nowhere.
 */
export function identify(keys: ApiKeys): RequestHandler {
  return async (request, _response: Response, next: NextFunction) => {
    const [, key] = BEARER.exec(request.headers.authorization ?? '') ?? [];
    const caller = key === undefined ? null : await keys.findByHash(hashApiKey(key));
    if (caller !== null) (request as ApiRequest).caller = caller;
    next();
  };
}
