import { describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript without types
import { idsOf, judge, levelOf } from './main.mjs';
// @ts-expect-error plain JavaScript without types
import { ROWS } from './rows.mjs';

const test = (level: string, status: string, ...ids: string[]) => ({ level, status, ids, seconds: 1 });

describe('the fault table', () => {
  it('counts by row and level: passed, failed, missing', () => {
    const rows = [['F01', 'a fault', 'an end', 'U S F']];
    const tests = [
      test('U', 'passed', 'F01'),
      test('U', 'passed', 'F02'),
      test('S', 'passed', 'F01'),
      test('S', 'failed', 'F01'),
    ];
    const outcomes = judge(rows, tests).map(
      ({ level, outcome }: Record<string, string>) => `${level} ${outcome}`,
    );
    expect(outcomes).toEqual(['U passed', 'S failed', 'F missing']);
  });

  it('takes a skipped test for no proof', () => {
    expect(judge([['F01', '', '', 'U']], [test('U', 'skipped', 'F01')])[0].outcome).toBe('failed');
  });

  it('counts what fails at a level that nobody asked for, and nothing else there', () => {
    const outcomes = (status: string) =>
      judge([['F01', '', '', 'U']], [test('U', 'passed', 'F01'), test('M', status, 'F01')]).map(
        ({ level, outcome }: Record<string, string>) => `${level} ${outcome}`,
      );
    expect(outcomes('failed')).toEqual(['U passed', 'M failed']);
    expect(outcomes('passed')).toEqual(['U passed']);
  });

  it('knows the rows that a name names, and the level of its file', () => {
    expect(idsOf('F24, F49: an edit (F24) of F100')).toEqual(['F24', 'F49']);
    expect(
      [
        'libs/simulation/src/a.ts',
        'libs/rotation/src/a.ts',
        'test/faults/a.ts',
        'test/faults/fleet/a.ts',
      ].map(levelOf),
    ).toEqual(['S', 'U', 'M', 'F']);
    expect(levelOf('test/e2e/a.ts')).toBe('F');
  });

  it('has every row once', () => {
    const ids = ROWS.map(([id]: string[]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(53);
  });
});
