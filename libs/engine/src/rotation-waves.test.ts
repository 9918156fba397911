import { describe, expect, it } from 'vitest';
import type { RotationSnapshot } from '#rotation';
import type { Fleet } from './ports/fleet-store.js';
import { snapshotOf } from './rotation-request.js';

function fleetOf(id: string, size: number, canaryHosts: number): Fleet {
  const hosts = Array.from({ length: size }, (_, place) => ({ id: `${id}-${place}`, name: `host-${place}` }));
  const generation = { id: `g-${id}`, number: 1, digest: 'd', marker: null };
  return {
    ...{ id, name: id, hosts, canaryHosts, generation },
    soakSeconds: 0,
    caTtlSeconds: 1,
  } as unknown as Fleet;
}

function snapshot(fleet: Fleet, ...others: Fleet[]): RotationSnapshot {
  const request = { fleetId: fleet.id, requestedBy: 'a test', reason: 'to see' };
  return snapshotOf(fleet, others, 'r', request, { installation: 'i', epoch: 1 });
}

function wavesOf(fleet: Fleet, ...others: Fleet[]): readonly (readonly string[])[] {
  return snapshot(fleet, ...others).waves;
}

describe('the waves of a rotation', () => {
  it.each([
    ['one host', 1, 1, [1]],
    ['nobody beside the canary', 3, 9, [3]],
    ['a full wave', 501, 1, [1, 500]],
    ['one host more', 502, 1, [1, 500, 1]],
    ['two full waves', 1_001, 1, [1, 500, 500]],
    ['one host more than two', 1_002, 1, [1, 500, 500, 1]],
    ['more canaries than a wave holds', 1_300, 700, [500, 200, 500, 100]],
  ] as const)('hold 500 hosts at most, canaries first: %s', (_, size, canaries, sizes) => {
    const fleet = fleetOf('f', size, canaries);
    const waves = wavesOf(fleet);
    expect(waves.map(({ length }) => length)).toEqual(sizes);
    expect(waves.flat()).toEqual(fleet.hosts.map(({ id }) => id));
  });

  it('of fleets together begin with the canaries of each, and share the rest', () => {
    const [one, two] = [fleetOf('one', 301, 1), fleetOf('two', 302, 2)];
    const waves = wavesOf(one, two);
    expect(waves[0]).toEqual(['one-0', 'two-0', 'two-1']);
    expect(waves.map(({ length }) => length)).toEqual([3, 500, 100]);
    expect(waves.flat().toSorted()).toEqual([...one.hosts, ...two.hosts].map(({ id }) => id).toSorted());
  });
});

describe('a switched host waits for the decision', () => {
  it.each([
    ['two minutes in a fleet of two waves', 501, 120_000],
    ['a minute for each wave of more than two', 1_002, 240_000],
    ['as long in a large fleet', 10_000, 1_260_000],
  ] as const)('%s', (_, size, deadlineMs) => {
    expect(snapshot(fleetOf('f', size, 1)).timing.deadlineMs).toBe(deadlineMs);
  });
});
