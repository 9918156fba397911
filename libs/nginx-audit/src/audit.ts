import { isTooLarge, TOO_LARGE_RULE, viewOf } from './config-view.js';
import type { NginxConfig } from './directive.js';
import { findingsOf, type RuleFinding } from './finding.js';
import type { NginxVersion } from './nginx-version.js';
import { RULES } from './rules/index.js';
import { NO_TRUST_FILES, type TrustFiles } from './trust-files.js';

/** What is known beside the configuration itself. All may be left out; rules that need it then say nothing. */
export interface AuditOptions {
  readonly version?: NginxVersion | null;
  /** Intermediates in the chains of real clients. */
  readonly clientDepth?: number | null;
  readonly trustFiles?: TrustFiles;
}

/** Holds a configuration against the rule table. Findings come in the order of the files and their lines. */
export function auditConfig(config: NginxConfig, options: AuditOptions = {}): RuleFinding[] {
  const { version = null, clientDepth = null, trustFiles = NO_TRUST_FILES } = options;
  const view = viewOf(config, { version, clientDepth, trustFiles });
  const rules = isTooLarge(view) ? RULES.filter(({ id }) => id === TOO_LARGE_RULE) : RULES;
  return findingsOf(
    rules,
    view,
    config.files.map(({ path }) => path),
  );
}
