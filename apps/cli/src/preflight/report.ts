import { type ClientOutcome, outcomeInWords, type PreflightReport } from '#engine';
import { describeChange, type Finding } from '#trust';

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

function changeLine({ anchors, lost, gained }: NonNullable<PreflightReport['change']>): string {
  const named = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${names.length} ${what}: ${names.join(', ')}`];
  const clients = [...named('will be refused', lost), ...named('will get in', gained)];
  return `${anchors}; clients: ${clients.length === 0 ? 'nothing changes' : clients.join('; ')}`;
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
    `  next: ${nextStep(advice, cause ?? '')}`,
  ];
}

function nextStep(advice: ClientOutcome['advice'], cause: string): string {
  const { changes = null, reasons = [] } = advice ?? {};
  if (changes !== null && changes.length > 0) {
    return `${changes.map(describeChange).join('; ')} (tried: it then gets in)`;
  }
  if (cause.startsWith('nginx cannot load')) return 'mend that file first: no client can be judged before';
  return reasons[0]?.nextStep ?? 'give the client a certificate that can be read and used in TLS';
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
