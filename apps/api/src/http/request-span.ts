import {
  type Context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Request, Response } from 'express';

/**
 * The span of one request to `/v1`, as part of the trace that the caller names (W3C Trace Context), and the context of
 * all that is done for it. It has the route, never the path, query, body or headers.
 */
export function beginRequestSpan(request: Request, requestId: string): Context {
  const from = propagation.extract(ROOT_CONTEXT, request.headers);
  if (!request.path.startsWith('/v1/')) return from;
  const span = trace.getTracer('windlass').startSpan(
    request.method,
    {
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': request.method, 'windlass.request.id': requestId },
    },
    from,
  );
  return trace.setSpan(from, span);
}

/** Once the reply is over. */
export function endRequestSpan(
  here: Context,
  { method }: Request,
  { statusCode }: Response,
  route: string,
): void {
  const span = trace.getSpan(here);
  if (span === undefined) return;
  span.updateName(`${method} ${route}`);
  span.setAttributes({ 'http.route': route, 'http.response.status_code': statusCode });
  if (statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** Of the request under way, or undefined where nobody follows. */
export function traceIdHere(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && isSpanContextValid(span) ? span.traceId : undefined;
}
