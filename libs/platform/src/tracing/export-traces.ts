import { randomUUID } from 'node:crypto';
import { context, DiagLogLevel, diag, propagation, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { OtelTracing } from './otel-tracing.js';
import type { RunningTracing, TracingLog } from './running-tracing.js';

const LONGEST_FLUSH_MS = 5_000;

/** Sends the spans of this process over OTLP/HTTP. */
export function exportTraces(serviceName: string, log: TracingLog): RunningTracing {
  tellOfTrouble(log);
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(
        resourceFromAttributes({
          [ATTR_SERVICE_NAME]: serviceName,
          [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
        }),
      )
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  return { tracing: new OtelTracing(), followed: true, stop: () => stopped(provider) };
}

/** Whoever cannot be told of traces must not stop what they are about. */
function tellOfTrouble(log: TracingLog): void {
  const warn = (message: string) =>
    log.warn({ detail: message }, 'traces could not be sent, and are dropped');
  const none = () => undefined;
  const logger = { error: warn, warn, info: none, debug: none, verbose: none };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}

async function stopped(provider: NodeTracerProvider): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LONGEST_FLUSH_MS);
  });
  await Promise.race([provider.shutdown().catch(() => undefined), late]);
  clearTimeout(timer);
  for (const one of [trace, context, propagation, diag]) one.disable();
}
