const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** When a CA is to be replaced, or a CRL. */
export type DueRule =
  /** With at most so many whole days left, rounded down: 0 is its last day. */
  | { readonly kind: 'days-left'; readonly days: number }
  | { readonly kind: 'hours-left'; readonly hours: number }
  /** When so much of its lifetime is over, from 1 to 99. */
  | { readonly kind: 'lifetime'; readonly percent: number }
  /** At each tick, however long it lives. */
  | { readonly kind: 'each-time' };

/** From RFC 5280 4.1.2.5, in milliseconds since the Unix epoch. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** The first moment at which the CA is due; null where that is no matter of its age. */
export function dueAt(rule: DueRule, { notBefore, notAfter }: Validity): number | null {
  switch (rule.kind) {
    case 'days-left':
      return notAfter - (rule.days + 1) * DAY_MS + 1;
    case 'hours-left':
      return notAfter - rule.hours * HOUR_MS;
    case 'lifetime':
      return notBefore + Math.ceil(((notAfter - notBefore) * rule.percent) / 100);
    case 'each-time':
      return null;
  }
}

/** True where a new CA of that lifetime in seconds would be due from its first moment, and rotated for ever. */
export function isDueAtBirth(rule: DueRule, lifetimeSeconds: number): boolean {
  const due = dueAt(rule, { notBefore: 0, notAfter: lifetimeSeconds * 1_000 });
  return due !== null && due <= 0;
}

/** What the rule waits for, in words that follow "rotates", or "brings the CRLs of now". */
export function ruleInWords(rule: DueRule, kind: 'rotate' | 'drift' | 'refresh' = 'rotate'): string {
  const what = kind === 'refresh' ? 'first CRL to end' : 'issuing CA';
  switch (rule.kind) {
    case 'days-left':
      return `when the ${what} has at most ${rule.days} whole days left`;
    case 'hours-left':
      return `when the ${what} has at most ${rule.hours} hours left`;
    case 'lifetime':
      return `when ${rule.percent} % of the lifetime of the ${what} is over`;
    case 'each-time':
      return 'each time';
  }
}
