import { describe, expect, it } from 'vitest';
import { outputFormat } from '../server/output-format.js';
import { columns, show } from '../server/show.js';
import { exitCodeOf, lasted, type Rotation, rotationTree } from './rotation-tree.js';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

const host = (name: string, wave: number, more: object = {}) => ({
  ...{
    hostId: name,
    fleetId: 'f',
    name,
    wave,
    batch: wave,
    step: 'proven',
    serving: 'overlap',
    digest: null,
  },
  ...{ since: ago(5), reason: null, probes: [], ...more },
});

const ROTATION = {
  ...{ id: 'r', fleetName: 'edge', otherFleets: [{ fleetName: 'office' }], strategy: 'overlap' },
  ...{ status: 'blocked', phase: 'expand', phaseSince: ago(300), explanation: 'Blocked on b.\nNext: look.' },
  hosts: [
    host('edge/long-name', 0),
    host('b', 1, {
      ...{ step: 'unknown', serving: 'unknown', since: ago(9_000) },
      reason: { code: 'host.unreachable', message: 'b gives no answer.', nextStep: 'Bring it back.' },
    }),
    host('c', 1, { step: 'waiting', serving: 'old', since: ago(200_000) }),
  ],
} as unknown as Rotation;

describe('the tree of a rotation', () => {
  it('has its waves and hosts, for how long they are so, and what is wrong with the next step', () => {
    expect(rotationTree(ROTATION, NOW).split('\n')).toEqual([
      '✖ overlap of edge, office  blocked, expand for 5 min',
      '  r',
      '  wave 0 (canary)',
      '  └─ ◕ edge/long-name  proven, serves overlap, for 5 s',
      '  wave 1',
      '  ├─ ? b  unknown, serves unknown, for 2 h  b gives no answer. Next: Bring it back.',
      '  └─ ◌ c  waiting, serves old, for 2 d',
      '',
      'Blocked on b.',
      'Next: look.',
    ]);
  });

  it.each([
    [119, '119 s'],
    [120, '2 min'],
    [7_199, '119 min'],
    [7_200, '2 h'],
    [172_799, '47 h'],
    [172_800, '2 d'],
    [-5, '0 s'],
  ])('says %i seconds as %s', (seconds, says) => {
    expect(lasted(ago(seconds), NOW)).toBe(says);
  });
});

describe('the exit code of a rotation', () => {
  it.each([
    ...([
      ['pending', 0],
      ['running', 0],
      ['paused', 0],
      ['succeeded', 0],
    ] as const),
    ...([
      ['refused', 1],
      ['cancelled', 1],
      ['reverted', 2],
      ['blocked', 3],
    ] as const),
  ])('that is %s is %i', (status, code) => {
    expect(exitCodeOf({ status })).toBe(code);
  });
});

describe('what is shown', () => {
  it('is JSON, YAML or a table', () => {
    const value = [{ name: 'edge' }];
    const table = () =>
      columns([
        ['NAME', 'X'],
        ['a longer one', 'y'],
      ]);
    expect(JSON.parse(show(value, 'json', table))).toEqual(value);
    expect(show(value, 'yaml', table)).toBe('- name: edge');
    expect(show(value, 'table', table)).toBe('NAME          X\na longer one  y');
    expect(() => outputFormat('xml')).toThrow('--output must be one of table, json, yaml, not "xml"');
  });
});
