import { describe, expect, it } from 'vitest';
import type { Host } from './all-hosts.js';
import { countStates, filterHosts, servingInWords, stateOf } from './host-state.js';

const host = (
  name: string,
  state: 'in-sync' | 'drifted' | 'unknown' | null,
  decommissionedAt: string | null = null,
) => ({ name, address: `10.0.0.${name.length}`, decommissionedAt, observed: state && { state } }) as Host;

const HOSTS = [
  ...[
    host('edge-10', 'in-sync'),
    host('edge-9', 'in-sync'),
    host('new', null),
    host('gone', 'drifted', 'then'),
  ],
  ...[host('silent', 'unknown'), host('torn', 'drifted')],
];
const names = (hosts: readonly Host[]) => hosts.map(({ name }) => name);

describe('the hosts of a fleet', () => {
  it('come with what is wrong first, then by name as people count', () => {
    expect(names(filterHosts(HOSTS, '', null))).toEqual([
      ...['torn', 'silent', 'new', 'edge-9', 'edge-10', 'gone'],
    ]);
  });

  it('are found by name and address, and by their state', () => {
    expect(names(filterHosts(HOSTS, 'EDGE', null))).toEqual(['edge-9', 'edge-10']);
    expect(names(filterHosts(HOSTS, '10.0.0.3', null))).toEqual(['new']);
    expect(names(filterHosts(HOSTS, '', 'drifted'))).toEqual(['torn']);
    expect(names(filterHosts(HOSTS, 'edge', 'drifted'))).toEqual([]);
  });

  it('are counted by state, a decommissioned one as that alone', () => {
    expect(countStates(HOSTS)).toEqual([
      ...[['drifted', 1] as const, ['unknown', 1] as const, ['not-seen', 1] as const],
      ...[['in-sync', 2] as const, ['decommissioned', 1] as const],
    ]);
    expect(stateOf(host('gone', 'in-sync', 'then'))).toBe('decommissioned');
  });

  it('say how many of their listeners serve what is recorded', () => {
    const serves = (...answers: (boolean | null)[]) =>
      servingInWords(answers.map((one) => ({ serves: one })));
    expect(serves(true, false, true)).toBe('2 of 3 serve it');
    expect(serves()).toBe('not asked');
    expect(serves(null)).toBe('0 of 1 serve it, 1 not known');
  });
});
