import { expect, it } from 'vitest';
import { scopeOf } from './batches.js';
import { LIVES, statesOf } from './lives.fixture.js';
import { plan } from './plan.js';
import { plannedWork } from './planned-work.js';

it('gives each scope what the plan has for it, in its order, and the first wait', () => {
  let performed = 0;
  for (const life of LIVES) {
    for (const state of statesOf(life())) {
      const actions = plan(state, 0);
      const { effects, waitsUntil } = plannedWork(state.snapshot, actions);
      const waits = actions.flatMap((action) => (action.kind === 'wait' ? [action.until] : []));
      expect(waitsUntil).toBe(Math.min(Number.POSITIVE_INFINITY, ...waits));
      const all = actions.flatMap((action) => (action.kind === 'perform' ? [action.effect] : []));
      for (const scope of new Set(all.map((effect) => scopeOf(state.snapshot, effect)))) {
        const own = all.filter((effect) => scopeOf(state.snapshot, effect) === scope);
        expect(effects.get(scope)).toEqual(own);
        performed += own.length;
      }
      expect([...effects.values()].flat()).toHaveLength(all.length);
    }
  }
  expect(performed).toBeGreaterThan(0);
});
