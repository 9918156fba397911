export { generateApiKey, hashApiKey, sameHash } from './api-key.js';
export { collectEarly } from './collect-early.js';
export {
  CONFIG_VARIABLES,
  type Config,
  DEFAULT_FOLDERS,
  LOG_LEVELS,
  type LogLevel,
  type Rates,
  readConfig,
} from './config.js';
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresLog,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded-postgres.js';
export { type LogFields, withLogFields } from './log-fields.js';
export { createLogger, type Logger } from './logger.js';
export { MasterKey } from './master-key.js';
export { generateMasterKey } from './master-key-file.js';
export {
  GivenMasterKeys,
  loadMasterKeys,
  loadOldMasterKeys,
  type MasterKeySource,
  MasterKeys,
} from './master-keys.js';
export * from './metrics/index.js';
export { NestLog } from './nest-log.js';
export { isTrustworthyUrl, type OidcSettings } from './oidc-settings.js';
export { projectPath } from './project-path.js';
export { describeError, redact, redactText } from './redaction.js';
export { SealedBox } from './sealed-box.js';
export { describeStartFailure } from './start-failure.js';
export { SystemClock } from './system-clock.js';
export type { RunningTracing, TracingSettings } from './tracing/running-tracing.js';
export { NO_TRACES, startTracing } from './tracing/start-tracing.js';
export { type TracedCalls, tracedPort } from './tracing/traced-port.js';
export type { TransitConfig } from './transit-config.js';
export { WrappedMasterKeys, type WrappedMasterKeysOptions } from './wrapped-master-keys.js';
