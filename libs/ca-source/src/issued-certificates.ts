import { X509Certificate } from 'node:crypto';

/** How much shorter than asked a CA may turn out: clocks and rounding, in seconds. */
const TOLERANCE_SECONDS = 60;

/** The whole lifetime in seconds, not what is left of it, where that is shorter than was asked for; else null. */
export function cutShortTo({ validFrom, validTo }: X509Certificate, wantedSeconds: number): number | null {
  const seconds = Math.floor((Date.parse(validTo) - Date.parse(validFrom)) / 1000);
  return seconds < wantedSeconds - TOLERANCE_SECONDS ? seconds : null;
}

/** A chain without its roots, as PEM text: a client sends what lies between its leaf and a trust anchor. */
export function intermediates(chain: readonly string[]): string {
  return chain
    .map((pem) => pem.trim())
    .filter((pem) => !isSelfIssued(new X509Certificate(pem)))
    .map((pem) => `${pem}\n`)
    .join('');
}

function isSelfIssued({ subject, issuer }: X509Certificate): boolean {
  return subject === issuer;
}
