import { type Fix, type Place, type Report, type Rule, SEVERITIES, type Severity } from './rule.js';
import type { Suppression } from './suppression.js';

/** What a rule of a table found. */
export interface RuleFinding extends Place {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly Place[];
  readonly fix: Fix | null;
  /** Why somebody accepted it, by a comment in the file; null for one that counts. */
  readonly suppressed: string | null;
}

/**
 * Holds what was read against rules of its kind, and says what comments accept. Findings come in the order of the
 * files and their lines.
 */
export function findingsOf<View extends { readonly suppressions: readonly Suppression[] }>(
  rules: readonly Rule<View>[],
  view: View,
  files: readonly string[],
): RuleFinding[] {
  const accepted = acceptedIn(view.suppressions);
  const findings = rules.flatMap((rule) =>
    [...rule.check(view)].map((report) => findingOf(rule, report, accepted)),
  );
  const order = new Map(files.map((path, index) => [path, index]));
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

function findingOf(
  rule: Pick<Rule, 'id' | 'severity'>,
  report: Report,
  accepted: ReadonlyMap<string, string>,
): RuleFinding {
  const { file, line, column } = report.at;
  return {
    ...{ rule: rule.id, severity: report.severity ?? rule.severity, message: report.message },
    ...{ file, line, column, fix: report.fix ?? null },
    suppressed: accepted.get(JSON.stringify([rule.id, file, line])) ?? null,
    related: (report.related ?? []).map((one) => ({ file: one.file, line: one.line, column: one.column })),
  };
}

/** Servers that inherit one directive all report it. */
function unique(findings: readonly RuleFinding[]): RuleFinding[] {
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
