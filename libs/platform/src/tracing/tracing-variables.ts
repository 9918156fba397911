import { z } from 'zod';
import type { TracingSettings } from './running-tracing.js';

const endpoint = z
  .url({ protocol: /^https?$/, error: 'must be the http:// or https:// address of an OTLP receiver' })
  .optional();

/** Of OpenTelemetry's own variables those that say whether and how traces go out. */
export const TRACING_VARIABLES = {
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: z.string().optional(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: z.string().optional(),
  OTEL_TRACES_EXPORTER: z.string().optional(),
  OTEL_SDK_DISABLED: z.string().optional(),
};

type Found = { readonly [Name in keyof typeof TRACING_VARIABLES]?: string | undefined };

/** Traces are sent over HTTP only; a receiver of gRPC would never see one. */
export function tracingFaults(found: Found): readonly { variable: string; fault: string }[] {
  if (!tracingIn(found).traces) return [];
  const own = found.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL;
  if ((own ?? found.OTEL_EXPORTER_OTLP_PROTOCOL) !== 'grpc') return [];
  const variable = own === undefined ? 'OTEL_EXPORTER_OTLP_PROTOCOL' : 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL';
  return [{ variable, fault: 'must not be grpc: traces go out as OTLP over HTTP, to port 4318 by custom' }];
}

/** On where an endpoint is named, unless a standard variable turns it off. */
export function tracingIn(found: Found): TracingSettings {
  const named = found.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? found.OTEL_EXPORTER_OTLP_ENDPOINT;
  const off = found.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || found.OTEL_TRACES_EXPORTER === 'none';
  return { traces: named !== undefined && !off };
}
