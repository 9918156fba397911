import type { RequestHandler } from 'express';
import helmet from 'helmet';

const YEAR_S = 31_536_000;

/** Headers that every reply has. A page that needs more, such as /docs, says so after this. */
export function secureHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    // Of this name alone: we do not know what else is served below it.
    strictTransportSecurity: { maxAge: YEAR_S, includeSubDomains: false },
  });
}
