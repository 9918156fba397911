import { describe, expect, it } from 'vitest';
import { hostsOf } from './batches.js';
import { type Effect, isHostEffect } from './effects.js';
import { explain } from './explain.js';
import { LIVES, statesOf, withEvent } from './lives.fixture.js';
import { plan } from './plan.js';
import { Rehearsal } from './rehearsal.js';
import { activeHosts, type RotationState } from './state.js';
import { hostViews, statusOf } from './status.js';

const HOSTS = ['a', 'b', 'c'];
const STATES_OF_LIVES = LIVES.map((live) => statesOf(live()));
const STATES = STATES_OF_LIVES.flat();

function hostsInPlan(state: RotationState): readonly string[] {
  return plan(state, Number.MAX_SAFE_INTEGER).flatMap((action) =>
    action.kind === 'perform' && isHostEffect(action.effect) ? [action.effect.hostId] : [],
  );
}

/** A host that was removed from the fleet can no longer be told anything, from the first such effect on. */
function leaving(host: string, from: string): Rehearsal {
  let left = false;
  return new Rehearsal((effect: Effect) => {
    left ||= effect.id === `${from}/${host}`;
    return left && isHostEffect(effect) && effect.hostId === host ? 'fails' : 'ok';
  });
}

describe('F27 a host joins the fleet in mid-rotation', () => {
  it('F27 nothing that is ever journalled changes the snapshot', () => {
    for (const [first, ...others] of STATES_OF_LIVES) {
      for (const { snapshot } of others) expect(snapshot).toBe(first?.snapshot);
    }
  });

  it('F27 no state of any life plans, shows or batches a host that was not there at the beginning', () => {
    for (const state of STATES) {
      expect(HOSTS).toEqual(expect.arrayContaining([...hostsInPlan(state), ...activeHosts(state)]));
      expect(hostViews(state).map(({ hostId }) => hostId)).toEqual(HOSTS);
      expect([...hostsOf(state.snapshot, 'batch/0'), ...hostsOf(state.snapshot, 'batch/1')]).toEqual(HOSTS);
    }
  });

  it('F27 an effect on it is never legal, and nobody can give it up', () => {
    const effect = { id: 'expand.1/host.stage/z', kind: 'host.stage', hostId: 'z', transition: 'expand' };
    const open = STATES.filter(({ ended }) => ended === null);
    for (const state of open) {
      const begin = { type: 'effect.intended', effect: effect as Effect, term: null } as const;
      expect(() => {
        if (withEvent(state, begin) === null) throw new Error('illegal');
      }).toThrow(/not part of rotation|illegal/);
      const gone = { type: 'host.decommissioned', hostId: 'z', by: 'person', because: '' } as const;
      expect(withEvent(state, gone)).toBeNull();
    }
  });
});

describe('F27 a host leaves the fleet in mid-rotation', () => {
  it('F27 every host of the snapshot is part of every end, whoever left', () => {
    const ends = STATES.filter(({ ended, decommissioned }) => ended !== null && decommissioned.size === 0);
    expect(ends.length).toBeGreaterThan(0);
    for (const state of ends) expect(activeHosts(state)).toEqual(HOSTS);
  });

  it.each([
    ['expand.1/host.inspect', 'refused'],
    ['expand.1/host.stage', 'blocked'],
    ['expand.1/host.commit', 'blocked'],
    ['expand.1/host.prove', 'blocked'],
    ['expand.1/host.confirm', 'blocked'],
  ])('F27 before %s: %s, never an end that leaves it out', (from, status) => {
    const life = leaving('c', from);
    const state = life.run(({ sequence }) => sequence > 150);
    expect(statusOf(state)).toBe(status);
    if (status === 'blocked') expect(explain(state)).toContain('Blocked on host-c');
  });

  it.each([
    ['expand.1/host.stage', 'refused'],
    ['expand.1/host.commit', 'reverted'],
    ['expand.1/host.confirm', 'succeeded'],
  ])('F27 before %s: a person may end it without the host, as %s, and the end says so', (from, status) => {
    const life = leaving('c', from);
    life.run(({ sequence }) => sequence > 150);
    life.append({ type: 'host.decommissioned', hostId: 'c', by: 'person', because: 'it was sold' });
    expect(statusOf(life.run())).toBe(status);
    if (status !== 'refused')
      expect(explain(life.state)).toContain('Without host-c, which person decommission');
  });
});
