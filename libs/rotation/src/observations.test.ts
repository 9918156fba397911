import { describe, expect, it } from 'vitest';
import { failing, LIVES, REASON } from './lives.fixture.js';
import { type Observation, observationsOf } from './observations.js';
import { replay } from './reduce.js';
import { Rehearsal } from './rehearsal.js';
import type { RotationState } from './state.js';

/** What is observed where each entry is an append of its own. */
function observed(life: Rehearsal): readonly Observation[] {
  return life.entries.flatMap((entry, at) => {
    const before = replay(life.entries.slice(0, at));
    const after = replay(life.entries.slice(0, at + 1)) as RotationState;
    return before === null ? [] : observationsOf(before, after, [entry]);
  });
}

const ofKind = <K extends Observation['kind']>(all: readonly Observation[], kind: K) =>
  all.filter((one): one is Extract<Observation, { kind: K }> => one.kind === kind);

describe('what a journal tells whoever measures', () => {
  it('is every phase once, the end once, and the skew of every wave of every kept switch', () => {
    const life = new Rehearsal();
    life.run();
    const all = observed(life);
    const phases = ofKind(all, 'phase-ended').map(({ phase }) => phase);
    expect(phases).toEqual(['preflight', 'stage', 'expand', 'activate', 'soak', 'contract']);
    expect(ofKind(all, 'rotation-ended')).toEqual([
      { kind: 'rotation-ended', strategy: 'overlap', outcome: 'succeeded', seconds: expect.any(Number) },
    ]);
    const waves = replay(life.entries)?.snapshot.waves.length ?? 0;
    const skews = ofKind(all, 'wave-switched').map(({ transition }) => transition);
    expect(waves).toBeGreaterThan(0);
    expect(skews).toEqual([...Array(waves).fill('expand'), ...Array(waves).fill('contract')]);
  });

  it('is each outcome of an effect, with the code of a failure', () => {
    const life = new Rehearsal(failing('expand.1/host.confirm/'));
    life.run((state) => (state.effects.get('expand.1/host.confirm/c')?.attempts ?? 0) > 2);
    const all = observed(life);
    const outcomes = life.entries.filter(({ event }) => /^effect\.(succeeded|failed)$/.test(event.type));
    expect(ofKind(all, 'effect-ended')).toHaveLength(outcomes.length);
    const failures = ofKind(all, 'effect-failed');
    expect(failures.length).toBe(outcomes.filter(({ event }) => event.type === 'effect.failed').length);
    expect(new Set(failures.map(({ effect }) => effect))).toEqual(new Set(['host.confirm']));
    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set([REASON.code]));
  });

  it('is never a time below zero, and never an end that is not written, in any life', () => {
    for (const live of LIVES) {
      const life = live();
      life.run();
      const all = observed(life);
      const seconds = all.flatMap((one) => ('seconds' in one ? one.seconds : []));
      expect(seconds.every((value) => value >= 0)).toBe(true);
      const ends = life.entries.filter(({ event }) => event.type === 'rotation.ended');
      expect(ofKind(all, 'rotation-ended')).toHaveLength(ends.length);
    }
  });
});
