import { stringify } from 'yaml';
import { githubAnnotations, type JudgedFinding, type SarifTool, type Severity, sarifLog } from '#nginx-audit';
import type { FindingOptions } from './options.js';

/** Who reports, and whether its findings come with fixes. */
export interface ReportingTool extends SarifTool {
  readonly canMend: boolean;
}

/** The report in the format that was asked for, line by line. */
export function reportLines(
  findings: readonly JudgedFinding[],
  format: FindingOptions['format'],
  tool: ReportingTool,
): readonly string[] {
  if (format === 'sarif') return [JSON.stringify(sarifLog(findings, tool), null, 2)];
  const plainly = { findings: findings.map((one) => plain(one, tool)) };
  if (format === 'json') return [JSON.stringify(plainly)];
  if (format === 'yaml') return [stringify(plainly, { aliasDuplicateObjects: false }).trimEnd()];
  if (format === 'github') return githubAnnotations(findings);
  return [
    ...findings
      .filter(({ accepted }) => accepted === null)
      .flatMap((one) => lines(one, tool))
      .map(visible),
    summary(findings, tool),
  ];
}

function plain(finding: JudgedFinding, { rules }: ReportingTool) {
  const { rule, severity, message, file, line, column, fix, related, accepted, fingerprint } = finding;
  const nextStep = rules.find(({ id }) => id === rule)?.remedy ?? '';
  return {
    ...{ rule, severity, file, line, column, message, nextStep, related, accepted, fingerprint },
    fix: fix?.title ?? null,
  };
}

function lines(finding: JudgedFinding, { rules }: ReportingTool): readonly string[] {
  const { rule, severity, message, file, line, column, fix } = finding;
  const { remedy = '', references = [] } = rules.find(({ id }) => id === rule) ?? {};
  return [
    `${file}:${line}:${column}: ${severity}: ${message} [${rule}]`,
    fix === null ? `  next: ${remedy}` : `  next: ${fix.title} (--write does it)`,
    ...references.slice(0, 1).map(({ url }) => `  see: ${url}`),
  ];
}

/** Words of a configuration may hold what a terminal takes for commands. */
function visible(line: string): string {
  return line.replace(/\p{Cc}/gu, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function summary(findings: readonly JudgedFinding[], { canMend }: ReportingTool): string {
  const counted = findings.filter(({ accepted }) => accepted === null);
  const accepted = findings.length - counted.length;
  const of = (severity: Severity, word: string) => {
    const count = counted.filter((one) => one.severity === severity).length;
    return `${count} ${word}${count === 1 ? '' : 's'}`;
  };
  const fixable = counted.filter(({ fix }) => fix !== null).length;
  const mending = canMend ? `; ${fixable} can be mended with --write` : '';
  const parts = [of('error', 'error'), of('warning', 'warning'), of('note', 'note')];
  return [
    counted.length === 0 ? 'clean' : `${parts.join(', ')}${mending}`,
    ...(accepted === 0 ? [] : [`${accepted} accepted`]),
  ].join('; ');
}
