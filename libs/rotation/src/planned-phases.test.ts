import { expect, it } from 'vitest';
import { live } from './lives.fixture.js';
import { plannedPhases } from './planned-phases.js';
import { reduce } from './reduce.js';
import type { RotationState } from './state.js';
import { type RotationPhase, STRATEGIES } from './vocabulary.js';

it.each(STRATEGIES)('the phases that are planned of %s are those that it passes through', (strategy) => {
  const life = live(strategy);
  life.run();
  const passed = new Set<RotationPhase>();
  let state: RotationState | null = null;
  for (const entry of life.entries) {
    state = reduce(state, entry);
    passed.add(state.phase);
  }
  expect(state?.ended?.status).toBe('succeeded');
  const planned = plannedPhases(strategy);
  expect([...planned.map(({ phase }) => phase), 'done']).toEqual([...passed]);
  for (const { does } of planned) expect(does).toMatch(/^[a-z]/);
});
