import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import type { Wakeup } from '#engine';

/**
 * What lies in the queue: the wake-up, and who asked for it (W3C Trace Context) where somebody follows. A hint as the
 * wake-up itself: the journal knows which trace a rotation belongs to.
 */
export type Job = Wakeup & { readonly traceparent?: string };

/** Puts the wake-up into the queue as a span of what is under way; without one, when nothing is. */
export async function published(wakeup: Wakeup, add: (job: Job) => Promise<unknown>): Promise<void> {
  if (trace.getActiveSpan()?.isRecording() !== true) return void (await add(wakeup));
  const span = trace.getTracer('windlass').startSpan(`wake ${wakeup.kind}`, {
    kind: SpanKind.PRODUCER,
    attributes: { 'messaging.system': 'bullmq', 'messaging.operation.type': 'send' },
  });
  const here = trace.setSpan(context.active(), span);
  const carrier: { traceparent?: string } = {};
  propagation.inject(here, carrier);
  const { traceparent } = carrier;
  try {
    await context.with(here, () => add(traceparent === undefined ? wakeup : { ...wakeup, traceparent }));
  } finally {
    span.end();
  }
}

/** Hands the wake-up on as part of what asked for it. */
export function taken(handler: (wakeup: Wakeup) => Promise<void>): (job: Job) => Promise<void> {
  return ({ traceparent, ...wakeup }) => {
    if (traceparent === undefined) return handler(wakeup);
    const asked = propagation.extract(ROOT_CONTEXT, { traceparent });
    return context.with(asked, () => handler(wakeup));
  };
}
