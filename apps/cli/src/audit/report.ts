import { githubAnnotations, type JudgedFinding, RULES, type Severity, sarifLog } from '#nginx-audit';
import type { AuditCommandOptions } from './options.js';

/** The report in the format that was asked for, line by line. */
export function reportLines(
  findings: readonly JudgedFinding[],
  format: Exclude<AuditCommandOptions['format'], 'conftest'>,
  toolVersion: string,
): readonly string[] {
  if (format === 'sarif') return [JSON.stringify(sarifLog(findings, toolVersion), null, 2)];
  if (format === 'json') return [JSON.stringify({ findings: findings.map(plain) })];
  if (format === 'github') return githubAnnotations(findings);
  return [
    ...findings
      .filter(({ accepted }) => accepted === null)
      .flatMap(lines)
      .map(visible),
    summary(findings),
  ];
}

function plain({
  rule,
  severity,
  message,
  file,
  line,
  column,
  fix,
  related,
  accepted,
  fingerprint,
}: JudgedFinding) {
  const nextStep = RULES.find(({ id }) => id === rule)?.remedy ?? '';
  return {
    ...{ rule, severity, file, line, column, message, nextStep, related, accepted, fingerprint },
    fix: fix?.title ?? null,
  };
}

function lines({ rule, severity, message, file, line, column, fix }: JudgedFinding): readonly string[] {
  const { remedy = '', references = [] } = RULES.find(({ id }) => id === rule) ?? {};
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

function summary(findings: readonly JudgedFinding[]): string {
  const counted = findings.filter(({ accepted }) => accepted === null);
  const accepted = findings.length - counted.length;
  const of = (severity: Severity, word: string) => {
    const count = counted.filter((one) => one.severity === severity).length;
    return `${count} ${word}${count === 1 ? '' : 's'}`;
  };
  const fixable = counted.filter(({ fix }) => fix !== null).length;
  const parts = [of('error', 'error'), of('warning', 'warning'), of('note', 'note')];
  return [
    counted.length === 0 ? 'clean' : `${parts.join(', ')}; ${fixable} can be mended with --write`,
    ...(accepted === 0 ? [] : [`${accepted} accepted`]),
  ].join('; ');
}
