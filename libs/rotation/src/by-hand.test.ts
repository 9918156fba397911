import { describe, expect, it } from 'vitest';
import { explain } from './explain.js';
import { Rehearsal } from './rehearsal.js';
import type { RotationState } from './state.js';
import { usageVerdict } from './usage-gate.js';
import type { RotationPhase } from './vocabulary.js';

/** A rotation in that phase, of a CA that a person switches or of one that Windlass does. */
function inPhase(phase: RotationPhase, byHand: boolean): RotationState {
  const closed = { open: false, because: 'nobody knows', opensAt: null, users: [], count: 0 };
  const life = new Rehearsal(undefined, () => closed);
  life.run((state) => state.phase === phase && (phase !== 'soak' || usageVerdict(state) !== null));
  let { effects } = life.state;
  for (const [kind, result] of Object.entries({
    'ca.survey': byHand ? { byHand } : {},
    'ca.prepare': { subject: 'CN=New' },
  })) {
    const record = effects.get(kind);
    if (record) effects = effects.with(kind, { ...record, result });
  }
  return { ...life.state, effects };
}

describe('a CA that a person switches', () => {
  it('is said to be, with what is left to do, while the fleet trusts both', () => {
    expect(explain(inPhase('soak', true))).toMatch(
      /trusts the old and the new CA .*\. Windlass cannot switch this CA\. Next: let it issue from CN=New, .* The old CA is kept, because nobody knows\./,
    );
    expect(explain(inPhase('activate', true))).toMatch(/^activate: proving that every host lets in/);
  });

  it('is to be stopped by a person, too, when it is distrusted', () => {
    const life = new Rehearsal(undefined, null, { strategy: 'distrust', soakSeconds: 0 });
    life.run();
    const [id, record] = [...life.state.effects].find(([one]) => one.endsWith('ca.stop-issuing')) ?? [];
    if (!id || !record) throw new Error('nobody stopped the CA');
    const result = { stopped: [], byHand: ['CN=Stolen'] };
    const effects = life.state.effects.with(id, { ...record, result });
    const left = / Windlass cannot stop this CA\. Next: keep it from issuing from CN=Stolen, /;
    expect(explain({ ...life.state, effects })).toMatch(left);
    expect(explain({ ...life.state, effects, ended: null })).toMatch(left);
    expect(explain(life.state)).not.toContain('cannot stop');
  });

  it('is said nothing of where Windlass switches it', () => {
    expect(explain(inPhase('soak', false))).not.toContain('cannot switch');
    expect(explain(inPhase('activate', false))).toMatch(/^activate: letting the new CA issue/);
  });
});
