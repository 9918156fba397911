import { describe, expect, it } from 'vitest';
import { hostEffect } from './effects.js';
import { stepOn } from './host-steps.js';
import { Rehearsal } from './rehearsal.js';

describe('a step on a host', () => {
  const { snapshot } = new Rehearsal().state;
  const on = (attempt: number, of = snapshot) => stepOn(of, 'contract', attempt, 'host.stage')('a');

  it('is what it would be if it were made anew, for every try', () => {
    for (const attempt of [1, 2, 1, 3])
      expect(on(attempt)).toEqual(hostEffect('contract', attempt, 'host.stage', 'a'));
  });

  it('is the same object as long as its try is the newest, and for its rotation alone', () => {
    expect(on(4)).toBe(on(4));
    expect(on(4, new Rehearsal().state.snapshot)).not.toBe(on(4));
    const before = on(4);
    on(5);
    expect(on(4)).not.toBe(before);
  });
});
