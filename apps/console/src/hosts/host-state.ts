import type { Tone } from '../elements/state-badge.js';
import type { Host } from './all-hosts.js';

export type HostState = 'in-sync' | 'drifted' | 'unknown' | 'not-seen' | 'decommissioned';

export const HOST_LOOKS: Readonly<
  Record<HostState, { readonly tone: Tone; readonly glyph: string; readonly word: string }>
> = {
  drifted: { tone: 'bad', glyph: '≠', word: 'drifted' },
  unknown: { tone: 'waits', glyph: '?', word: 'not answering' },
  'not-seen': { tone: 'quiet', glyph: '◌', word: 'not looked at yet' },
  'in-sync': { tone: 'good', glyph: '✔', word: 'in sync' },
  decommissioned: { tone: 'quiet', glyph: '–', word: 'decommissioned' },
};

export function stateOf({
  observed,
  decommissionedAt,
}: Pick<Host, 'observed' | 'decommissionedAt'>): HostState {
  if (decommissionedAt !== null) return 'decommissioned';
  return observed?.state ?? 'not-seen';
}

/** How many hosts are in each state, in the order of {@link HOST_LOOKS}; states that none is in are left out. */
export function countStates(hosts: readonly Host[]): (readonly [HostState, number])[] {
  const states = Object.keys(HOST_LOOKS) as HostState[];
  return states
    .map((state) => [state, hosts.filter((host) => stateOf(host) === state).length] as const)
    .filter(([, count]) => count > 0);
}

/**
 * `2 of 3 serve it`: how many listeners of a host show the generation of the fleet. A rotation proves a host without
 * leaving word of each listener; only a look for drift does.
 */
export function servingInWords(listeners: readonly { readonly serves: boolean | null }[]): string {
  if (listeners.length === 0) return 'not asked';
  const serve = listeners.filter(({ serves }) => serves === true).length;
  const unknown = listeners.filter(({ serves }) => serves === null).length;
  const told = `${serve} of ${listeners.length} serve it`;
  return unknown === 0 ? told : `${told}, ${unknown} not known`;
}

/** Sorted with what is wrong first, then by name as people count. */
export function filterHosts(hosts: readonly Host[], sought: string, state: HostState | null): Host[] {
  const words = sought.trim().toLowerCase();
  const order = Object.keys(HOST_LOOKS);
  return hosts
    .filter((host) => state === null || stateOf(host) === state)
    .filter(({ name, address }) => [name, address].some((text) => text.toLowerCase().includes(words)))
    .sort(
      (a, b) =>
        order.indexOf(stateOf(a)) - order.indexOf(stateOf(b)) ||
        a.name.localeCompare(b.name, 'en', { numeric: true }),
    );
}
