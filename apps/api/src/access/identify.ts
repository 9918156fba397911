import type { NextFunction, RequestHandler, Response } from 'express';
import type { ApiKeys, FoundApiKey } from '#persistence';
import { hashApiKey } from '#platform';
import type { ApiRequest } from '../http/api-request.js';
import { RequestFault } from '../http/request-fault.js';
import { expiredKey } from './access-faults.js';
import type { Caller } from './caller.js';
import type { OidcTokens } from './oidc-tokens.js';

const BEARER = /^Bearer +([\x21-\x7e]{1,8192}) *$/i;
const MOST_KEY = 512;
/** Three parts in base64url, of which the first is a JSON object (RFC 7515 7.1). */
const JWT = /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/;

/**
 * Finds out who sent the request, before its body is read. It refuses nothing: that is the guard's. A key is hashed at
 * once, and neither key nor token is kept anywhere.
 */
export function identify(keys: ApiKeys, tokens: OidcTokens | null): RequestHandler {
  return async (plain, _response: Response, next: NextFunction) => {
    const request = plain as ApiRequest;
    const [, credential = ''] = BEARER.exec(request.headers.authorization ?? '') ?? [];
    try {
      const caller = await callerWith(credential, keys, tokens);
      if (caller !== null) request.caller = caller;
    } catch (error) {
      if (!(error instanceof RequestFault)) throw error;
      request.refusal = error;
    }
    next();
  };
}

async function callerWith(
  credential: string,
  keys: ApiKeys,
  tokens: OidcTokens | null,
): Promise<Caller | null> {
  if (tokens !== null && JWT.test(credential)) return tokens.callerOf(credential);
  if (credential === '' || credential.length > MOST_KEY) return null;
  const found = await keys.findByHash(hashApiKey(credential));
  if (found?.expired) throw expiredKey();
  return found === null ? null : callerOfKey(found);
}

/** Whose key it is, where that is known: with several ways in a person is still one, to whom one approval is open. */
function callerOfKey({ id, role, label, fleetIds, person, expiresAt }: FoundApiKey): Caller {
  const own = `api-key:${id}`;
  return {
    kind: 'api-key',
    ...(person === null ? { id: own, name: label } : { id: person, name: `${label}, by ${own}` }),
    ...{ roles: [role], fleets: fleetIds, until: expiresAt?.getTime() ?? null },
  };
}
