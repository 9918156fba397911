import { AsyncLocalStorage } from 'node:async_hooks';
import { isSpanContextValid, trace } from '@opentelemetry/api';

/** What a line of the log is about; every line of what runs within has it. */
export interface LogFields {
  readonly requestId?: string;
  readonly rotationId?: string;
}

const fields = new AsyncLocalStorage<LogFields>();

/** Does `work`, and all that it begins, with these fields on every line beside those around it. */
export function withLogFields<T>(more: LogFields, work: () => T): T {
  return fields.run({ ...fields.getStore(), ...more }, work);
}

/** What the line that is about to be written is about, and its place in the trace where there is one. */
export function logFieldsHere(): LogFields & { readonly traceId?: string; readonly spanId?: string } {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return { ...fields.getStore() };
  return { ...fields.getStore(), traceId: span.traceId, spanId: span.spanId };
}
