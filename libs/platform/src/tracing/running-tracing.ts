import type { Tracing } from '#engine';

/** What of the environment decides whether there are traces; the rest of `OTEL_*` is read by OpenTelemetry itself. */
export interface TracingSettings {
  /** Whether an endpoint is named, and nothing turns traces off. */
  readonly traces: boolean;
}

export interface RunningTracing {
  readonly tracing: Tracing;
  /** Whether spans are made: adapters are wrapped only then. */
  readonly followed: boolean;
  /** Sends what is left, for five seconds at most. */
  stop(): Promise<void>;
}

export interface TracingLog {
  warn(fields: object, message: string): void;
}
