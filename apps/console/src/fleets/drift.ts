import type { Tone } from '../elements/state-badge.js';
import type { Fleet } from './all-fleets.js';

export const DRIFT_LOOKS: Readonly<
  Record<Fleet['drift']['state'], { readonly tone: Tone; readonly glyph: string }>
> = {
  'in-sync': { tone: 'good', glyph: '✔' },
  drifted: { tone: 'bad', glyph: '≠' },
  unknown: { tone: 'quiet', glyph: '?' },
};

interface DriftPart {
  readonly state: Fleet['drift']['state'];
  readonly words: string;
}

/** `in sync`, or how many have drifted and of how many it is not known, the worse first. */
export function driftParts({ state, drifted, unknown }: Fleet['drift']): readonly DriftPart[] {
  const parts: DriftPart[] = [
    ...(drifted > 0 ? [{ state: 'drifted' as const, words: `${drifted} drifted` }] : []),
    ...(unknown > 0 ? [{ state: 'unknown' as const, words: `${unknown} unknown` }] : []),
  ];
  return parts.length > 0 ? parts : [{ state, words: state === 'in-sync' ? 'in sync' : state }];
}
