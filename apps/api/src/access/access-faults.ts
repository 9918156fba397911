import type { Role } from '#engine';
import { RequestFault } from '../http/request-fault.js';

const REALM = 'Bearer realm="windlass"';

export function noKey(): RequestFault {
  return new RequestFault(
    'request.unauthorised',
    'No valid API key or token came with the request.',
    'Send it as "Authorization: Bearer <key>". The first start of the API printed a key, or WINDLASS_ADMIN_KEY sets it.',
    { headers: { 'WWW-Authenticate': REALM } },
  );
}

/** Told to nobody but those who have all of it. */
export function expiredKey(): RequestFault {
  return new RequestFault(
    'request.unauthorised',
    'This API key has expired.',
    'Ask an admin for another one.',
    { headers: { 'WWW-Authenticate': `${REALM}, error="invalid_token"` } },
  );
}

/** `why` is the rest of a sentence that begins with "This token". */
export function badToken(why: string): RequestFault {
  return new RequestFault('request.unauthorised', `This token ${why}.`, 'Get another one from the issuer.', {
    headers: { 'WWW-Authenticate': `${REALM}, error="invalid_token"` },
  });
}

/** `what` is the rest of a sentence that begins with "The claim". */
export function unmappedToken(what: string, nextAction: string): RequestFault {
  return new RequestFault('oidc.unmapped', `The claim ${what}.`, nextAction);
}

export function issuerUnreachable(issuer: string): RequestFault {
  return new RequestFault(
    'oidc.unreachable',
    `The issuer ${issuer} does not say by which keys its tokens are known, so none can be judged.`,
    'Check that the API reaches it, and that WINDLASS_OIDC_ISSUER is what its discovery document says. API keys are good meanwhile.',
    { headers: { 'Retry-After': '5' } },
  );
}

export function otherRole(roles: readonly Role[], needed: readonly Role[]): RequestFault {
  return new RequestFault(
    'request.forbidden',
    `The role ${roles.join(' and ')} may not do that.`,
    `Use a key or token of the role ${needed.join(' or ')}.`,
  );
}

/** A route that does not say who may use it is of no use to anybody. */
export function undeclared(): RequestFault {
  return new RequestFault(
    'request.forbidden',
    'Nothing says who may use this route, so nobody may.',
    'Report this: each route must have a rule of access.',
  );
}

/** `what` is the rest of a sentence. */
export function outOfScope(what: string): RequestFault {
  return new RequestFault(
    'request.out-of-scope',
    `You are confined to some fleets, and ${what}.`,
    'Use a key or token that is not confined to fleets, or to all of these.',
  );
}
