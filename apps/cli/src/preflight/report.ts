import { adviceInWords, type ClientOutcome, outcomeInWords, type PreflightReport } from '#engine';
import { clientsInWords } from '#rotation';
import type { Finding } from '#trust';

/** The report as people read it, line by line. */
export function reportLines({ passed, findings, outcomes, change }: PreflightReport): readonly string[] {
  const wrong = outcomes.filter(({ expect, verdict }) => expect !== verdict);
  return [
    ...findings.flatMap(findingLines),
    ...outcomes.flatMap(outcomeLines),
    ...(change === null ? [] : [changeLine(change)]),
    passed
      ? `ready: ${outcomes.length} of ${outcomes.length} as expected`
      : `NOT ready: ${wrong.length} of ${outcomes.length} not as expected; change nothing yet`,
  ];
}

function changeLine({ anchors, ...clients }: NonNullable<PreflightReport['change']>): string {
  return `${anchors}; ${clientsInWords('clients', clients)}`;
}

function findingLines({ severity, message, nextStep }: Finding): readonly string[] {
  return [`${severity}: ${message}`, `  next: ${nextStep}`];
}

function outcomeLines({ client, where, expect, verdict, cause, advice }: ClientOutcome): readonly string[] {
  const why = cause === null ? '' : ` (${cause})`;
  const line = `${expect === verdict ? 'ok' : 'WRONG'}: ${client} is ${verdict} at ${where}${why}`;
  if (expect === verdict) return [line];
  if (expect === 'refused')
    return [line, '  next: find the CA in the bundle, or in ssl_trusted_certificate, that lets it in'];
  return [
    line,
    ...(advice?.reasons ?? []).map(({ what }) => `  because ${what}`),
    `  next: ${adviceInWords(advice, cause ?? '')}`,
  ];
}

/** The report for programs: certificates by their subjects, advice in words. */
export function reportJson({ passed, findings, outcomes, change }: PreflightReport): string {
  return JSON.stringify({
    passed,
    findings,
    change,
    clients: outcomes.map(outcomeInWords),
  });
}
