import {
  type Context,
  context,
  type Link,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { PortError, type TracedFields } from '#engine';
import { redactText } from '../redaction.js';

export interface SpanOptions {
  readonly name: string;
  readonly kind?: SpanKind;
  readonly fields: TracedFields;
  readonly links?: readonly Link[];
  /** Left out: within the span that is active. */
  readonly parent?: Context;
}

/** Does `work` as one span. Of what it throws the span has the code and the sentence, and never a stack or a cause. */
export async function inSpan<T>(options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const { name, kind = SpanKind.INTERNAL, fields, links = [], parent = context.active() } = options;
  const settings = { kind, attributes: clean(fields), links: [...links] };
  const span = trace.getTracer('windlass').startSpan(name, settings, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span));
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** The fields without the secrets that can be told by their shape. */
export function clean(fields: TracedFields): TracedFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? redactText(value) : value,
    ]),
  );
}

/** Only what adapters say on purpose is shown; anything else may quote what it was given. */
function fail(span: Span, error: unknown): void {
  if (error instanceof PortError) {
    span.setAttribute('error.type', error.problem.code);
    span.setStatus({ code: SpanStatusCode.ERROR, message: redactText(error.problem.message) });
    return;
  }
  span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown error');
  span.setStatus({ code: SpanStatusCode.ERROR });
}
