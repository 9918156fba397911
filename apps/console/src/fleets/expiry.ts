import type { Tone } from '../elements/state-badge.js';

export const DAY_MS = 86_400_000;
/** The alert of docs/operations warns this many days before; then it is for the calendar. */
const SOON_DAYS = 30;
/** Then it is for tonight. */
const VERY_SOON_DAYS = 7;

/** Whole days until a time, rounded down; negative when it is over. */
export function daysUntil(at: string, now: number): number {
  return Math.floor((Date.parse(at) - now) / DAY_MS);
}

interface Look {
  readonly tone: Tone;
  readonly glyph: string;
}

/** How near an end is. Null: there is none that is known. */
export function expiryLook(days: number | null): Look {
  if (days === null) return { tone: 'quiet', glyph: '?' };
  if (days < VERY_SOON_DAYS) return { tone: 'bad', glyph: days < 0 ? '✖' : '▲' };
  return days < SOON_DAYS ? { tone: 'waits', glyph: '△' } : { tone: 'good', glyph: '✔' };
}

export function expiryInWords(days: number | null): string {
  if (days === null) return 'not known';
  // Rounded down: -1 is less than a day ago.
  if (days < 0) return days === -1 ? 'ended less than a day ago' : `ended ${counted(-days - 1)} ago`;
  return days === 0 ? 'less than a day' : counted(days);
}

function counted(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}
