import { describe, expect, it } from 'vitest';
import { isFor } from './ssh-config-lines.js';

describe('the pattern of a Host line', () => {
  it.each([
    [['*'], 'edge', true],
    [['*'], '', true],
    [['EDGE-?'], 'edge-1', true],
    [['edge-?'], 'edge-', false],
    [['edge-?'], 'edge-12', false],
    [['*.lab'], 'a.lab', true],
    [['*.lab'], 'alab', false],
    [['a*b*c'], 'abxbc', true],
    [['a*b*c'], 'acb', false],
    [['a**'], 'a', true],
    [['*', '!a*'], 'ab', false],
    [['!b'], 'a', false],
    [['e(d+|ge)'], 'edd', false],
  ])('%j against "%s": %s', (patterns, name, hits) => {
    expect(isFor(patterns, name)).toBe(hits);
  });

  it('takes no time that grows with every star', () => {
    expect(isFor([`${'*a'.repeat(40)}*b`], 'a'.repeat(200))).toBe(false);
  });
});
