import { describe, expect, it } from 'vitest';
import { type RotationState, reduce, type Strategy } from '#rotation';
import { failing } from '../../rotation/src/lives.fixture.js';
import { Rehearsal } from '../../rotation/src/rehearsal.js';
import { newlyObserved } from './observed-hosts.js';

const generation = (number: number) => ({ id: `g${number}`, number, digest: `d${number}`, marker: null });
const BUILT = { overlap: generation(2), next: generation(3), trustDiff: '' };

/** What was observed in a whole life: the phase that it led to, and what the hosts served. */
function observedIn(strategy: Strategy, fails = 'nothing'): readonly string[] {
  const life = new Rehearsal(failing(fails), null, { strategy, soakSeconds: 0 }, ({ kind }) =>
    kind === 'generations.build' ? BUILT : {},
  );
  life.run();
  const told: string[] = [];
  let state: RotationState | null = null;
  for (const entry of life.entries) {
    const before: RotationState | null = state;
    state = reduce(state, entry);
    const observed = before === null ? [] : newlyObserved(before, state);
    if (observed.length === 0) continue;
    expect(observed.every(({ at }) => Date.parse(at) <= Date.parse(entry.at))).toBe(true);
    told.push(
      `${state.phase}: ${observed.map(({ hostId, generationId }) => hostId + generationId).join(' ')}`,
    );
  }
  return told;
}

describe('what a rotation observed of its hosts', () => {
  it('is told when all of them are on one side', () => {
    expect(observedIn('overlap')).toEqual([
      ...['activate: ag2 bg2 cg2', 'soak: ag2 bg2 cg2', 'done: ag3 bg3 cg3'],
    ]);
    expect(observedIn('distrust')).toEqual(['done: ag3 bg3 cg3']);
    expect(observedIn('sync')).toEqual(['done: ag3 bg3 cg3']);
  });

  it('is what they went back to', () => {
    expect(observedIn('overlap', 'expand.1/host.prove/b')).toEqual(['done: ag1 bg1 cg1']);
    expect(observedIn('rehearse', 'contract.1/host.prove/c').at(-1)).toBe('soak: ag2 bg2 cg2');
  });

  it('is nothing where no host was switched', () => {
    expect(observedIn('overlap', 'host.inspect/b')).toEqual([]);
  });
});
