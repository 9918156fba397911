import { describe, expect, it } from 'vitest';
import type { Fleet } from './all-fleets.js';
import { DAY_MS } from './expiry.js';
import { concernOf, type GlanceColumn, matches, sortFleets } from './glance.js';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const SYNC = { state: 'in-sync', checkedAt: null, inSync: 1, drifted: 0, unknown: 0 } as const;

function fleet(name: string, days: number | null, over: Partial<Fleet> = {}) {
  return {
    ...{ name, drift: SYNC, nextRotation: null, rotation: null, hostCount: 1, anchors: [] },
    expiresAt: days === null ? null : new Date(NOW + days * DAY_MS).toISOString(),
    generation: { id: 'g', number: 1, digest: 'd', marker: null, createdAt: '2026-01-01T00:00:00Z' },
    ...over,
  };
}

const turning = (status: 'blocked' | 'paused' | 'running'): Partial<Fleet> => ({
  rotation: { id: 'r', status, phase: 'expand', strategy: 'overlap' },
});
const drifted = (count: number) => ({ drift: { ...SYNC, state: 'drifted' as const, drifted: count } });
const unknown = { drift: { ...SYNC, state: 'unknown' as const, unknown: 1 } };
const sorted = (fleets: ReturnType<typeof fleet>[], by: GlanceColumn, descending = false) =>
  sortFleets(fleets, { by, descending }, NOW).map(({ name }) => name);

describe('the fleets at a glance', () => {
  it('come with the worst first: blocked, ended, ending, drifted, paused, soon, unknown, turning, fine', () => {
    const worst = [
      fleet('blocked', 300, turning('blocked')),
      fleet('ended', -1),
      fleet('ending', 3),
      fleet('drifted', 300, drifted(1)),
      fleet('paused', 300, turning('paused')),
      fleet('soon', 20),
      fleet('unknown', 300, unknown),
      fleet('turning', 300, turning('running')),
      fleet('fine', 300),
    ];
    expect(worst.map((one) => concernOf(one, NOW))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(sorted([...worst].reverse(), 'concern')).toEqual(worst.map(({ name }) => name));
  });

  it('follow by expiry and then by name where they are alike', () => {
    expect(sorted([fleet('b', 300), fleet('a', 300), fleet('c', 200)], 'concern')).toEqual(['c', 'a', 'b']);
  });

  it('without an end that is known come last by expiry, whatever stands beside them', () => {
    expect(sorted([fleet('b', null), fleet('a', null), fleet('c', 1)], 'expiry')).toEqual(['c', 'a', 'b']);
  });

  it('are turned round by descending', () => {
    const fleets = [fleet('small', 9, { hostCount: 2 }), fleet('large', 9, { hostCount: 40 })];
    expect(sorted(fleets, 'hosts')).toEqual(['small', 'large']);
    expect(sorted(fleets, 'hosts', true)).toEqual(['large', 'small']);
  });

  it('with the most drift come first by drift', () => {
    expect(
      sorted([fleet('none', 9), fleet('one', 9, drifted(1)), fleet('two', 9, drifted(2))], 'drift'),
    ).toEqual(['two', 'one', 'none']);
  });

  it('are found by their name and by the subject of an anchor', () => {
    const edge = fleet('edge', 9, {
      anchors: [{ id: 'a', subject: 'CN=Partner CA', notAfter: '2027-01-01' }],
    });
    expect(['ED', ' partner ', '', 'core'].map((words) => matches(edge, words))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
