import type { JudgedFinding } from './baseline.js';

const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/**
 * Workflow commands of GitHub Actions, one a line, which it shows beside the lines of a pull request. What was
 * accepted is left out.
 */
export function githubAnnotations(findings: readonly JudgedFinding[]): string[] {
  return findings
    .filter(({ accepted }) => accepted === null)
    .map(({ severity, file, line, column, rule, message }) => {
      const place = `file=${property(file)},line=${line},col=${column},title=${property(rule)}`;
      return `::${COMMANDS[severity]} ${place}::${data(message)}`;
    });
}

/** A line break would end the command and start another one. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
