import {
  type Context,
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api';
import { type TracedStep, Tracing } from '#engine';
import { withLogFields } from '../log-fields.js';
import { inSpan, type SpanOptions } from './in-span.js';

/** Nobody follows, and the lines of the log say what they are about all the same. */
export class LoggedTracing extends Tracing {
  override within<T>({ fields }: TracedStep, work: () => Promise<T>): Promise<T> {
    const rotationId = fields['windlass.rotation.id'];
    return typeof rotationId === 'string' ? withLogFields({ rotationId }, work) : work();
  }

  override origin(): string | undefined {
    return undefined;
  }
}

/** Steps as spans of OpenTelemetry (docs/adr/0029). */
export class OtelTracing extends LoggedTracing {
  override within<T>(step: TracedStep, work: () => Promise<T>): Promise<T> {
    const { name, fields, origin } = step;
    const place = origin === undefined ? {} : placeIn(origin);
    return inSpan({ name, fields, ...place }, () => super.within(step, work));
  }

  override origin(): string | undefined {
    const carrier: { traceparent?: string } = {};
    propagation.inject(context.active(), carrier);
    return carrier.traceparent;
  }
}

/**
 * Where a step belongs whose trace began elsewhere: below what woke it, where that is part of the same trace; else
 * right below the origin, with a link to what woke it.
 */
function placeIn(origin: string): Pick<SpanOptions, 'parent' | 'links'> {
  const parent: Context = propagation.extract(ROOT_CONTEXT, { traceparent: origin });
  const active = trace.getSpanContext(context.active());
  if (active === undefined || !isSpanContextValid(active)) return { parent };
  if (active.traceId === trace.getSpanContext(parent)?.traceId) return {};
  return { parent, links: [{ context: active }] };
}
