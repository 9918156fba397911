import { describe, expect, it } from 'vitest';
import type { RotationEventBody } from './events.js';
import { LIVES, statesOf, withEvent } from './lives.fixture.js';
import { plan } from './plan.js';
import { Rehearsal } from './rehearsal.js';
import { decidedKind, type RotationState } from './state.js';
import { isHeld, statusOf } from './status.js';

const STATES = LIVES.flatMap((live) => statesOf(live()));
const abort: RotationEventBody = { type: 'abort.requested', by: 'person', because: 'wrong window' };
const OUTCOMES = (['keep', 'revert', 'refuse'] as const).map(
  (kind): RotationEventBody => ({
    ...{ type: 'decision.made', because: '' },
    decision: { kind, transition: 'expand', attempt: 1 },
  }),
);

const decidedFor = (state: RotationState) => decidedKind(state, 'outcome/expand.1');
const name = ({ phase, sequence }: RotationState) => `${phase}, entry ${sequence}`;

/** All that may be decided from the state on, until nothing is left to do without a person. */
function decidedFrom(state: RotationState): readonly string[] {
  const life = new Rehearsal();
  life.state = state;
  life.entries.length = state.sequence;
  life.now = Date.parse(state.updatedAt);
  const before = new Set(state.decisions.keys());
  life.run();
  const made = [...life.state.decisions].filter(([key]) => !before.has(key));
  return made.map(([, { decision }]) => decision.kind);
}

describe('F26 an abort races the decision', () => {
  it('F26 is legal exactly while the fleet has not decided', () => {
    for (const state of STATES) {
      const open = ['preflight', 'stage', 'expand'].includes(state.phase) && state.ended === null;
      expect(withEvent(state, abort) !== null, name(state)).toBe(open && decidedFor(state) === undefined);
    }
  });

  it.each(OUTCOMES)('F26 loses when $decision.kind came first', (outcome) => {
    const won = STATES.flatMap((state) => withEvent(state, outcome) ?? []);
    expect(won.length).toBeGreaterThan(0);
    for (const state of won) expect(withEvent(state, abort), name(state)).toBeNull();
  });

  it('F26 wins when it came first: no `keep` is legal behind it, in any state', () => {
    const won = STATES.flatMap((state) => withEvent(state, abort) ?? []);
    expect(won.length).toBeGreaterThan(0);
    for (const state of won) {
      const keep = OUTCOMES.find((one) => one.type === 'decision.made' && one.decision.kind === 'keep');
      expect(keep && withEvent(state, keep), name(state)).toBeNull();
    }
  });

  it('F26 is what the plan follows: the way back, and nothing else, from any state on', () => {
    for (const state of STATES.flatMap((one) => withEvent(one, abort) ?? [])) {
      const waits = isHeld(state) || [...state.effects.values()].some(({ status }) => status === 'running');
      const ways = waits ? [[]] : [['revert'], ['refuse']];
      expect(ways, name(state)).toContainEqual(decidedFrom(state));
    }
  });

  it.each([
    ['before anything was staged', 'preflight', 'cancelled'],
    ['when every host voted', 'go', 'cancelled'],
    ['between two waves', 'wave', 'reverted'],
    ['when every host is proven', 'proven', 'reverted'],
  ])('F26 %s: ends as it must', (_, when, end) => {
    const life = new Rehearsal();
    life.run((state) => {
      if (when === 'preflight') return state.effects.get('ca.prepare')?.status === 'done';
      if (when === 'go') return state.effects.get('expand.1/host.stage/c')?.status === 'done';
      const host = when === 'wave' ? 'a' : 'c';
      return state.effects.get(`expand.1/host.prove/${host}`)?.status === 'done';
    });
    life.append(abort);
    expect(statusOf(life.run())).toBe(end);
    expect(life.performed).not.toContain('activate.1/ca.allow-new');
    expect(life.state.abort).toMatchObject({ by: 'person', because: 'wrong window' });
  });

  it('F26 waits for what runs before it turns around', () => {
    const life = new Rehearsal();
    life.run((state) => state.decisions.has('go/expand.1/0'));
    const commit = { kind: 'host.commit', hostId: 'a', transition: 'expand' } as const;
    life.append({ type: 'effect.intended', effect: { ...commit, id: 'expand.1/host.commit/a' }, term: 2 });
    life.append(abort);
    expect(plan(life.state, life.now)).toEqual([]);
    life.append({ type: 'effect.succeeded', effectId: 'expand.1/host.commit/a', result: {}, term: 2 });
    expect(plan(life.state, life.now)).toMatchObject([{ kind: 'decide', decision: { kind: 'revert' } }]);
  });
});
