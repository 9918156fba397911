export { githubAnnotations } from './annotations.js';
export { type AuditOptions, auditConfig } from './audit.js';
export {
  type Baseline,
  baselineOf,
  type JudgedFinding,
  judge,
  type LineOf,
  readBaseline,
} from './baseline.js';
export { CLIENT_LOG_FORMAT, type ClientLog, type ClientLogFormat, clientLogOf } from './client-log.js';
export { type ConfigText, readConfigText, writeConfigText } from './config-text.js';
export { type ConftestDirective, conftestInput } from './conftest-input.js';
export type { Directive, DumpedFile, NginxConfig, ParsedFile, ParseProblem } from './directive.js';
export { isAtLeastAsSevere, type RuleFinding } from './finding.js';
export { type FixedConfig, fixConfig } from './fix.js';
export { globTest, isGlob } from './glob.js';
export { type ConfigSource, MISSING_INCLUDE, parseIncludeTree, sourceOf } from './include-tree.js';
export { type LastingSessions, lastingSessions } from './lasting-sessions.js';
export { type Listener, listenersOf, namesOf } from './listeners.js';
export { type AuditFinding, checkManagedPaths } from './managed-paths.js';
export { MANIFEST_RULES } from './manifests/rules/index.js';
export { scanManifests } from './manifests/scan.js';
export type { TrustLinter } from './manifests/trust-sources.js';
export { type NginxVersion, parseNginxVersion } from './nginx-version.js';
export { dumpedFiles, isDump, parseNginxDump, printDump } from './parse-dump.js';
export { parseFile } from './parse-file.js';
export { type Piece, type PieceKind, piecesOf, printFile } from './pieces.js';
export {
  type Fix,
  type Place,
  type Reference,
  type Rule,
  type RuleTexts,
  SEVERITIES,
  type Severity,
} from './rule.js';
export { RULE_PAGES } from './rule-documentation.js';
export { RULES } from './rules/index.js';
export { type SarifTool, sarifLog } from './sarif.js';
export { type TrustContext, trustContexts, type VerifyClient } from './trust-context.js';
export type { TrustBundle, TrustCertificate, TrustFiles, TrustProblem } from './trust-files.js';
