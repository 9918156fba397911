import { describe, expect, it } from 'vitest';
import { PHASES, SIGNALS, TRANSITIONS } from './index.js';

describe('the transition table', () => {
  it('reaches every phase from preflight', () => {
    const reached = new Set<string>(['preflight']);
    for (const _ of PHASES) {
      for (const { from, to } of TRANSITIONS) if (reached.has(from)) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...PHASES].sort());
  });

  it('ends in done and nowhere else', () => {
    const leaves = PHASES.filter(
      (phase) => !TRANSITIONS.some(({ from, to }) => from === phase && to !== phase),
    );
    expect(leaves).toEqual(['done']);
    expect(TRANSITIONS.filter(({ from }) => from === 'done')).toEqual([]);
  });

  it('has a place for every signal', () => {
    expect(SIGNALS.filter((signal) => !TRANSITIONS.some(({ on }) => on === signal))).toEqual([]);
  });

  it('never goes back to the old generation after `activate` (promise 3)', () => {
    const after = new Set(['activate', 'soak', 'contract']);
    for (const { from, on, to } of TRANSITIONS) {
      if (after.has(from)) expect(`${on} ${to}`).not.toMatch(/reverted|refused|preflight|stage|expand$/);
    }
  });

  it('has no row that an earlier one hides', () => {
    for (const [index, row] of TRANSITIONS.entries()) {
      const hides = TRANSITIONS.slice(0, index).find(
        ({ from, on, when }) => from === row.from && on === row.on && when === undefined,
      );
      expect(hides).toBeUndefined();
    }
  });
});
