import { describe, expect, it } from 'vitest';
import { explain, firstCrlToEnd, generationsFor, trustDiffOf } from './index.js';
import { Rehearsal } from './rehearsal.js';
import type { EffectRecord, RotationState } from './state.js';

const ref = (id: string) => ({ id, number: 1, digest: id, marker: null });
const BUILT = {
  ...{ overlap: ref('overlap'), next: ref('next'), trustDiff: '' },
  crlEnds: { issuer: 'CN=late', at: '2030-01-02T00:00:00.000Z' },
  otherFleets: [
    {
      ...{ fleetId: 'office', overlap: ref('overlap-2'), next: ref('next-2'), trustDiff: '' },
      crlEnds: { issuer: 'CN=soon', at: '2030-01-01T00:00:00.000Z' },
    },
  ],
};

/** A rotation in its soak whose effects said so. */
function soaking(results: Readonly<Record<string, object>>, attempt = 1): RotationState {
  const life = new Rehearsal();
  const state = life.run(({ phase }) => phase === 'soak');
  const done = state.effects.get('generations.build') as EffectRecord;
  let { effects } = state;
  for (const [id, result] of Object.entries(results))
    effects = effects.with(id, { ...done, result: { ...result } });
  const office = { fleetId: 'office', fleetName: 'office', old: ref('old'), hostIds: ['b'] };
  const snapshot = { ...state.snapshot, otherFleets: [office] };
  return { ...state, snapshot, effects, attempt: { ...state.attempt, contract: attempt } };
}

describe('new-only generations that were renewed before a contract', () => {
  const CHECK = 'contract.1/ca.check-retired';
  const renewed = [{ fleetId: 'office', next: ref('fresh') }];

  it('take the place of those that were built, for their fleet and in that try alone', () => {
    const state = soaking({ 'generations.build': BUILT, [CHECK]: { renewed } });
    const { fleetId } = state.snapshot;
    expect(generationsFor(state, fleetId)?.next.id).toBe('next');
    expect(generationsFor(state, 'office')).toMatchObject({
      ...{ overlap: { id: 'overlap-2' }, next: { id: 'fresh' } },
    });
    const again = soaking({ 'generations.build': BUILT, [CHECK]: { renewed } }, 2);
    expect(generationsFor(again, 'office')?.next.id).toBe('next-2');
  });

  it('say whom they refuse, in place of what was promised before the soak', () => {
    const byFleet = [{ fleetId: 'office', accepted: 2, refusedAfterContract: [] }];
    const before = { 'generations.build': BUILT, 'samples.verify': { byFleet } };
    expect(trustDiffOf(soaking(before), 'office')).toContain('samples: 2 accepted');
    const samples = { accepted: 1, refusedAfterContract: ['office/pos'] };
    const state = soaking({ ...before, [CHECK]: { renewed: [{ ...renewed[0], samples }] } });
    expect(trustDiffOf(state, 'office')).toContain('samples: 1 accepted, 1 will be refused: office/pos');
    const older = soaking({ ...before, [CHECK]: { renewed } });
    expect(trustDiffOf(older, 'office')).toContain('samples: 2 accepted');
  });

  it('are missing in entries of an earlier release', () => {
    const state = soaking({ 'generations.build': BUILT, [CHECK]: {} });
    expect(generationsFor(state, 'office')?.next.id).toBe('next-2');
    expect(generationsFor(state, 'nobody')).toBeNull();
  });
});

describe('the CRL that ends first', () => {
  it('is told while the soak goes on', () => {
    const state = soaking({ 'generations.build': BUILT });
    expect(firstCrlToEnd(state)?.issuer).toBe('CN=soon');
    expect(explain(state)).toContain(
      'The CRL of CN=soon that the hosts have ends at 2030-01-01T00:00:00.000Z',
    );
  });

  it('is not spoken of where there is none', () => {
    const state = soaking({});
    expect(firstCrlToEnd(state)).toBeNull();
    expect(explain(state)).not.toContain('CRL');
  });
});
