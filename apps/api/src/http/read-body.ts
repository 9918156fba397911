import express, { type NextFunction, type RequestHandler, type Response } from 'express';
import type { ApiRequest } from './api-request.js';
import { RequestFault } from './request-fault.js';

/** Some room above the largest bundle that is read, 5 MB. */
const MOST = '6mb';

/** Reads JSON bodies, of known callers only: a stranger's bytes are not worth parsing. */
export function readBody(): RequestHandler {
  const parse = express.json({ limit: MOST, type: 'application/json', strict: true });
  return (request, response: Response, next: NextFunction) => {
    if ((request as ApiRequest).caller === undefined || !hasBody(request as ApiRequest)) return next();
    if (request.is('application/json') === false) return next(unsupportedMediaType());
    parse(request, response, (error?: unknown) => next(error === undefined ? undefined : bodyFault(error)));
  };
}

function hasBody({ headers }: ApiRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** What the body parser throws, by its `status` and `type`: its own words may quote the body. */
function bodyFault(error: unknown): RequestFault {
  const { status, type } = error as { status?: unknown; type?: unknown };
  if (status === 413)
    return new RequestFault('request.too-large', 'The body has more than 6 MB.', 'Send less at once.');
  if (status === 415) return unsupportedMediaType();
  if (type === 'entity.parse.failed') {
    const next = 'Send one JSON object as UTF-8; check quotes and commas.';
    return new RequestFault('request.malformed-json', 'The body is not a well-formed JSON object.', next);
  }
  const next = 'Check Content-Length and Content-Encoding of the request.';
  return new RequestFault('request.unreadable', 'The body could not be read to its end.', next);
}

function unsupportedMediaType(): RequestFault {
  return new RequestFault(
    'request.unsupported-media-type',
    'The body must be JSON in UTF-8, plain or compressed with gzip, deflate or br.',
    'Send it with Content-Type: application/json.',
  );
}
