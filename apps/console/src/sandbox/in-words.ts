import type { Examination } from './examination.js';

/** `3 findings: 1 error, 2 warnings`. */
export function findingsInWords({ counts, findings, kind }: Examination): string {
  const { error, warning, note } = counts;
  const total = error + warning + note;
  const accepted = findings.filter((one) => one.accepted !== null).length;
  const also = accepted === 0 ? '' : ` ${accepted} accepted by comments.`;
  if (total === 0)
    return `Nothing to say about this ${kind === 'nginx' ? 'configuration' : 'manifest'}.${also}`;
  const parts = [some(error, 'error'), some(warning, 'warning'), some(note, 'note')];
  return `${some(total, 'finding')}: ${parts.filter((part) => !part.startsWith('0 ')).join(', ')}.${also}`;
}

/** What the chosen fixes do. */
export function mendingInWords({ mended, left }: Examination): string {
  const rest = left === 0 ? 'nothing is left' : `${some(left, 'finding')} ${left === 1 ? 'is' : 'are'} left`;
  return `${some(mended, 'finding')} mended, ${rest}. Try nginx -t before you reload.`;
}

function some(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
