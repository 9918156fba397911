import { describe, expect, it } from 'vitest';
import { audit } from './audit.js';
import type { Effect } from './effects.js';
import { replay } from './reduce.js';
import { Rehearsal, START } from './rehearsal.js';

/** A rotation whose CA has a role that names the old issuer. */
class WithPinnedRole extends Rehearsal {
  override perform(effect: Effect): void {
    if (effect.kind !== 'ca.survey') {
      super.perform(effect);
      return;
    }
    const term = this.state.terms.get('coordinator') ?? 0;
    const pinnedRoles = [{ name: 'robots', issuerRef: 'old' }];
    this.append({ type: 'effect.intended', effect, term });
    this.append({ type: 'effect.succeeded', effectId: effect.id, result: { pinnedRoles }, term });
  }
}

const activation = ({ performed }: Rehearsal) =>
  performed.filter((id) => id.startsWith('activate.') && !id.includes('/host.'));

describe('a role that names the old issuer', () => {
  it('moves behind the default and before anything is believed, and only where there is one', () => {
    const rehearsal = new WithPinnedRole();
    expect(rehearsal.run().ended?.status).toBe('succeeded');
    expect(activation(rehearsal)).toEqual(
      ['allow-new', 'new-leaf', 'switch-default', 'move-roles', 'verify-default', 'restrict-old'].map(
        (step) => `activate.1/ca.${step}`,
      ),
    );
    expect(audit(rehearsal.entries)).toEqual([]);
    const plain = new Rehearsal();
    plain.run();
    expect(plain.performed).not.toContain('activate.1/ca.move-roles');
  });

  it('F46 falls back with the default where it does not move, and is moved by the next try', () => {
    const rehearsal = new WithPinnedRole(({ id }) => (id === 'activate.1/ca.move-roles' ? 'fails' : 'ok'));
    expect(rehearsal.run().paused?.reason.message).toContain('ca.move-roles failed');
    expect(activation(rehearsal).at(-1)).toBe('activate.1/ca.fall-back');
    rehearsal.append({ type: 'rotation.resumed', by: 'person' });
    expect(rehearsal.run().ended?.status).toBe('succeeded');
    expect(rehearsal.performed).toContain('activate.2/ca.move-roles');
    expect(audit(rehearsal.entries)).toEqual([]);
  });

  it('F28 is in no journal of version 4, which means what it meant', () => {
    const life = new Rehearsal();
    life.run();
    const older = life.entries.map(({ event, ...entry }) => ({ ...entry, event: { ...event, v: 4 } }));
    expect(replay(older)).toMatchObject({ ended: { status: 'succeeded' } });
    expect(audit(older)).toEqual([]);
  });

  it('I11 may not move before every host confirmed the overlap, nor before the default', () => {
    const early = new WithPinnedRole();
    early.run(({ phase }) => phase === 'expand');
    const effect: Effect = { id: 'activate.1/ca.move-roles', kind: 'ca.move-roles' };
    const term = early.state.terms.get('coordinator') ?? 0;
    expect(() => early.append({ type: 'effect.intended', effect, term })).toThrow(/the default was switched/);
    const event = { v: 5, type: 'effect.intended', effect, term };
    const entry = { sequence: early.entries.length, at: new Date(START).toISOString(), event };
    const found = audit([...early.entries.slice(0, -1), entry]).map(({ invariant }) => invariant);
    expect(found).toEqual(expect.arrayContaining(['I4', 'I11']));
  });
});
