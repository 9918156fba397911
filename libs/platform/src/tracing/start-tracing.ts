import { LoggedTracing } from './otel-tracing.js';
import type { RunningTracing, TracingLog, TracingSettings } from './running-tracing.js';

/** No spans. */
export const NO_TRACES: RunningTracing = {
  tracing: new LoggedTracing(),
  followed: false,
  stop: async () => undefined,
};

/**
 * Starts the traces of this process, once. Endpoint, headers, sampler, limits and resource come from the standard
 * variables; `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` go before `serviceName`.
 */
export async function startTracing(
  serviceName: string,
  { traces }: TracingSettings,
  log: TracingLog,
): Promise<RunningTracing> {
  if (!traces) return NO_TRACES;
  // A process without traces does not even load what makes them.
  const { exportTraces } = await import('./export-traces.js');
  return exportTraces(serviceName, log);
}
