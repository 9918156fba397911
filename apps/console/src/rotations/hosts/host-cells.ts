import type { RotationDescription } from '#rotation';
import type { Tone } from '../../elements/state-badge.js';
import { STEP_LOOKS } from '../states.js';

export type RotationHost = RotationDescription['hosts'][number];

/** What a cell shows: all of it text, so that a cell that says the same is not drawn again. */
export interface HostCell {
  readonly hostId: string;
  readonly glyph: string;
  readonly tone: Tone;
  readonly name: string;
  /** Where it is, in two or three words. */
  readonly at: string;
  /** What a screen reader says, and a pointer shows. */
  readonly label: string;
}

export interface CellWave {
  readonly wave: number;
  readonly cells: readonly HostCell[];
}

export interface HostFilter {
  /** `all`, `wrong` or a step. */
  readonly state: string;
  /** Part of a name, a digest or a reason. */
  readonly text: string;
}

export const EVERY_HOST: HostFilter = { state: 'all', text: '' };

/** How many hosts are at each step, and how many have something wrong with them. */
export function countBySteps(hosts: readonly RotationHost[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>([['wrong', 0]]);
  for (const host of hosts) {
    counts.set(host.step, (counts.get(host.step) ?? 0) + 1);
    if (isWrong(host)) counts.set('wrong', (counts.get('wrong') ?? 0) + 1);
  }
  return counts;
}

/** The hosts that the filter lets through, by wave; waves without one are left out. */
export function cellsByWave(hosts: readonly RotationHost[], filter: HostFilter): readonly CellWave[] {
  const waves = new Map<number, HostCell[]>();
  for (const host of hosts) {
    if (!matches(host, filter)) continue;
    const wave = host.wave ?? 0;
    const cells = waves.get(wave) ?? [];
    cells.push(cellOf(host));
    waves.set(wave, cells);
  }
  return [...waves].toSorted(([one], [other]) => one - other).map(([wave, cells]) => ({ wave, cells }));
}

function matches(host: RotationHost, { state, text }: HostFilter): boolean {
  if (state === 'wrong' && !isWrong(host)) return false;
  if (state !== 'all' && state !== 'wrong' && host.step !== state) return false;
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  const found = [host.name, host.digest, host.serving, host.reason?.code, host.reason?.message];
  return found.some((one) => one?.toLowerCase().includes(wanted));
}

/** Whoever was given up is nobody's worry any more. */
function isWrong({ step, reason }: RotationHost): boolean {
  return reason !== null && step !== 'decommissioned';
}

function cellOf(host: RotationHost): HostCell {
  const { hostId, name, step, serving, reason } = host;
  const { glyph, tone } = STEP_LOOKS[step];
  const at = `${step}, serves ${serving}`;
  const label = `${name}: ${at}`;
  return isWrong(host)
    ? { hostId, name, at, glyph: '✖', tone: 'bad', label: `${label}; ${reason?.message ?? ''}` }
    : { hostId, name, at, glyph, tone, label };
}
