import { isTooLarge, TOO_LARGE_RULE, viewOf } from './config-view.js';
import type { NginxConfig } from './directive.js';
import type { NginxVersion } from './nginx-version.js';
import { type Fix, type Place, type Report, type Rule, SEVERITIES, type Severity } from './rule.js';
import { RULES } from './rules/index.js';
import type { Suppression } from './suppression.js';
import { NO_TRUST_FILES, type TrustFiles } from './trust-files.js';

/** What is known beside the configuration itself. All may be left out; rules that need it then say nothing. */
export interface AuditOptions {
  readonly version?: NginxVersion | null;
  /** Intermediates in the chains of real clients. */
  readonly clientDepth?: number | null;
  readonly trustFiles?: TrustFiles;
}

/** What a rule of the table found. */
export interface ConfigFinding extends Place {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly Place[];
  readonly fix: Fix | null;
  /** Why somebody accepted it, by a comment in the configuration; null for one that counts. */
  readonly suppressed: string | null;
}

/** Holds a configuration against the rule table. Findings come in the order of the files and their lines. */
export function auditConfig(config: NginxConfig, options: AuditOptions = {}): ConfigFinding[] {
  const { version = null, clientDepth = null, trustFiles = NO_TRUST_FILES } = options;
  const view = viewOf(config, { version, clientDepth, trustFiles });
  const accepted = acceptedIn(view.suppressions);
  const rules = isTooLarge(view) ? RULES.filter(({ id }) => id === TOO_LARGE_RULE) : RULES;
  const findings = rules.flatMap((rule) =>
    [...rule.check(view)].map((report) => findingOf(rule, report, accepted)),
  );
  const order = new Map(config.files.map(({ path }, index) => [path, index]));
  const rank = ({ file }: Place) => order.get(file) ?? order.size;
  return unique(findings).toSorted((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}

/** The reasons that comments give, by rule and place. */
function acceptedIn(suppressions: readonly Suppression[]): ReadonlyMap<string, string> {
  return new Map(
    suppressions
      .filter(({ reason }) => reason !== '')
      .flatMap(({ rules, file, appliesTo, reason }) =>
        rules.map((rule) => [JSON.stringify([rule, file, appliesTo]), reason] as const),
      ),
  );
}

function findingOf(rule: Rule, report: Report, accepted: ReadonlyMap<string, string>): ConfigFinding {
  const { file, line, column } = report.at;
  return {
    ...{ rule: rule.id, severity: report.severity ?? rule.severity, message: report.message },
    ...{ file, line, column, fix: report.fix ?? null },
    suppressed: accepted.get(JSON.stringify([rule.id, file, line])) ?? null,
    related: (report.related ?? []).map((one) => ({ file: one.file, line: one.line, column: one.column })),
  };
}

/** Servers that inherit one directive all report it. */
function unique(findings: readonly ConfigFinding[]): ConfigFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, file, line, column, message }) => {
    const key = JSON.stringify([rule, file, line, column, message]);
    return !seen.has(key) && seen.add(key);
  });
}

/** True when the finding is as severe as the bar that somebody set, or more. */
export function isAtLeastAsSevere(severity: Severity, bar: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(bar);
}
