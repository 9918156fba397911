export { CLIENT_LOG_FORMAT, type ClientLog, type ClientLogFormat, clientLogOf } from './client-log.js';
export type { Directive, DumpedFile, NginxConfig, ParseProblem } from './directive.js';
export { type Listener, listenersOf } from './listeners.js';
export { type AuditFinding, checkManagedPaths } from './managed-paths.js';
export { dumpedFiles, parseNginxDump } from './parse-dump.js';
export { type TrustContext, trustContexts, type VerifyClient } from './trust-context.js';
