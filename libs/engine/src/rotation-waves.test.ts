import { describe, expect, it } from 'vitest';
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

function wavesOf(fleet: Fleet, ...others: Fleet[]): readonly (readonly string[])[] {
  const request = { fleetId: fleet.id, requestedBy: 'a test', reason: 'to see' };
  return snapshotOf(fleet, others, 'r', request, { installation: 'i', epoch: 1 }).waves;
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
