import { describe, expect, it } from 'vitest';
import { readConfig } from '../config.js';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
const tracesWith = (env: Record<string, string>) => readConfig(env).tracing.traces;

describe('traces', () => {
  it('are off unless an endpoint is named', () => {
    expect(tracesWith({})).toBe(false);
    expect(tracesWith({ OTEL_SERVICE_NAME: 'windlass' })).toBe(false);
    expect(tracesWith(ENDPOINT)).toBe(true);
    expect(tracesWith({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector/v1/traces' })).toBe(true);
  });

  it('are turned off by the standard variables', () => {
    expect(tracesWith({ ...ENDPOINT, OTEL_SDK_DISABLED: 'true' })).toBe(false);
    expect(tracesWith({ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' })).toBe(false);
  });

  it('are not sent to where nobody could read them', () => {
    expect(() => tracesWith({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' })).toThrow(
      /OTEL_EXPORTER_OTLP_ENDPOINT must be the http/,
    );
    expect(() => tracesWith({ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toThrow(
      /OTEL_EXPORTER_OTLP_PROTOCOL must not be grpc/,
    );
    expect(tracesWith({ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' })).toBe(true);
    expect(tracesWith({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toBe(false);
  });
});
