import { describe, expect, it } from 'vitest';
import type { Effect } from './effects.js';
import type { RotationEventBody } from './events.js';
import { explain } from './explain.js';
import { failing, LIVES, REASON, statesOf, withEvent } from './lives.fixture.js';
import { plan } from './plan.js';
import { Rehearsal } from './rehearsal.js';
import { activeHosts } from './state.js';
import { hostsInTheWay, hostViews, isHeld, isSwitching, statusOf } from './status.js';

const pause: RotationEventBody = { type: 'rotation.paused', by: 'person', reason: REASON };
const resume: RotationEventBody = { type: 'rotation.resumed', by: 'person' };
const retry: RotationEventBody = { type: 'retry.requested', by: 'person' };
const giveUp = (hostId: string): RotationEventBody => ({
  ...{ type: 'host.decommissioned', hostId, by: 'person', because: 'it burnt down' },
});

const serving = (life: Rehearsal) => hostViews(life.state).map((view) => view.serving);
const doneIn = (life: Rehearsal, id: string) => life.run(({ effects }) => effects.get(id)?.status === 'done');

describe('pause', () => {
  it.each([
    ['preflight', 'ca.survey'],
    ['stage', 'expand.1/host.stage/a'],
    ['activate', 'activate.1/ca.allow-new'],
    ['soak', 'activate.1/ca.restrict-old'],
  ])('holds in %s: nothing is begun, and what follows the resume is as if nothing had been', (phase, id) => {
    const life = new Rehearsal();
    doneIn(life, id);
    life.append(pause);
    expect([statusOf(life.state), life.state.phase]).toEqual(['paused', phase]);
    expect(plan(life.state, Number.MAX_SAFE_INTEGER)).toEqual([]);
    life.append(resume);
    expect(statusOf(life.run())).toBe('succeeded');
    expect(life.state.attempt).toEqual({ activate: 1, contract: 1 });
  });

  it('lets what runs come to its end, and lets nothing begin', () => {
    const life = new Rehearsal();
    const survey: Effect = { id: 'ca.survey', kind: 'ca.survey' };
    life.append({ type: 'effect.intended', effect: survey, term: 1 });
    life.append(pause);
    const other: Effect = { ...survey, id: 'ca.old-leaf', kind: 'ca.old-leaf' };
    expect(withEvent(life.state, { type: 'effect.intended', effect: other, term: 1 })).toBeNull();
    life.append({ type: 'effect.succeeded', effectId: survey.id, result: {}, term: 1 });
    expect(life.state.effects.get('ca.survey')?.status).toBe('done');
  });

  it.each([
    ['between two waves of the expand', 'expand.1/host.prove/a', '', 'paused', 'activate', 'overlap'],
    ['in the first wave', 'expand.1/host.commit/a', '', 'paused', 'activate', 'overlap'],
    ['before a wave that fails', 'expand.1/host.prove/a', 'expand.1/host.prove/c', 'reverted', 'done', 'old'],
    ['between two waves of the contract', 'contract.1/host.prove/a', '', 'succeeded', 'done', 'new'],
    [
      'before a contract fails',
      'contract.1/host.prove/a',
      'contract.1/host.prove/b',
      'paused',
      'soak',
      'overlap',
    ],
  ])('%s: the switch is carried to its end first', (_, when, fails, status, phase, side) => {
    const life = new Rehearsal(fails ? failing(fails) : undefined);
    doneIn(life, when);
    life.append(pause);
    expect([statusOf(life.state), isSwitching(life.state)]).toEqual(['running', true]);
    expect(explain(life.state)).toContain('asked for a pause; it begins when all hosts are on one side');
    life.run();
    expect([statusOf(life.state), life.state.phase]).toEqual([status, phase]);
    expect(serving(life)).toEqual([side, side, side]);
    expect(life.state.decisions.has('activate.1')).toBe(when.startsWith('contract'));
  });

  it('is never held while hosts may be on two sides, in any state of any life', () => {
    for (const state of LIVES.flatMap((live) => statesOf(live()))) {
      const paused = withEvent(state, pause) ?? state;
      const sides = new Set(hostViews(paused).map((view) => view.serving));
      if (isHeld(paused) && paused.decommissioned.size === 0) expect(sides.size, explain(state)).toBe(1);
    }
  });

  it('is not asked for twice, and not ended where there is none', () => {
    const life = new Rehearsal();
    expect(withEvent(life.state, resume)).toBeNull();
    life.append(pause);
    expect(withEvent(life.state, pause)).toBeNull();
  });
});

describe('resume', () => {
  it('begins a failed activation under a new attempt, and looks at every host again first', () => {
    const life = new Rehearsal(failing('activate.1/host.canary/b'));
    life.run();
    expect([statusOf(life.state), life.performed.at(-1)]).toEqual(['paused', 'activate.1/ca.fall-back']);
    life.append(resume);
    life.run();
    const again = life.performed.filter((id) => id.startsWith('activate.2/'));
    expect(again.slice(0, 4)).toEqual([
      ...['a', 'b', 'c'].map((host) => `activate.2/host.reconcile/${host}`),
      'activate.2/ca.allow-new',
    ]);
    expect([...life.state.decisions.keys()]).toEqual(expect.arrayContaining(['activate.1', 'activate.2']));
    expect(statusOf(life.state)).toBe('succeeded');
  });

  it.each(['contract.1/host.stage/b', 'contract.1/host.prove/c'])(
    'begins a contract that failed at %s under a new attempt',
    (id) => {
      const life = new Rehearsal(failing(id));
      life.run();
      life.append(resume);
      expect(life.state.attempt).toEqual({ activate: 1, contract: 2 });
      expect(statusOf(life.run())).toBe('succeeded');
      const outcomes = [...life.state.decisions].filter(([key]) => key.startsWith('outcome/contract'));
      expect(outcomes.map(([, { decision }]) => decision.kind).at(-1)).toBe('keep');
    },
  );
});

describe('retry', () => {
  it('skips the pause before the next try, and does nothing else', () => {
    const life = new Rehearsal((effect, attempt) =>
      effect.id === 'expand.1/host.prove/a' && attempt === 1 ? 'transient' : 'ok',
    );
    life.run(({ effects }) => effects.get('expand.1/host.prove/a')?.status === 'failed');
    const now = life.now + 1;
    expect(plan(life.state, now)).toEqual([{ kind: 'wait', until: life.now + 1_000 }]);
    life.now = now;
    const decisions = life.state.decisions;
    life.append(retry);
    expect(plan(life.state, now)).toMatchObject([
      { kind: 'perform', effect: { id: 'expand.1/host.prove/a' } },
    ]);
    expect(life.state.decisions).toBe(decisions);
    expect(statusOf(life.run())).toBe('succeeded');
  });

  it('gives no further try to what was given up', () => {
    const life = new Rehearsal(failing('expand.1/host.prove/b'));
    life.run(({ effects }) => effects.get('expand.1/host.prove/b')?.status === 'failed');
    life.now += 1;
    life.append(retry);
    expect(statusOf(life.run())).toBe('reverted');
  });
});

describe('decommission', () => {
  const blocked = (id: string, from = id.split('/').at(-2) ?? '') => {
    const life = new Rehearsal(failing(id));
    life.run(({ sequence }) => sequence > 200);
    expect(from).toMatch(/^host\./);
    return life;
  };

  it('is for hosts in the way only, in every state of every life', () => {
    for (const state of LIVES.flatMap((live) => statesOf(live()))) {
      for (const host of activeHosts(state)) {
        const legal = withEvent(state, giveUp(host)) !== null;
        if (legal) expect(hostsInTheWay(state)).toContain(host);
        if (state.ended) expect(legal).toBe(false);
      }
    }
  });

  it.each([
    ['expand.1/host.confirm/c', 'succeeded', 'all 2 hosts are observed on the new CA only'],
    ['contract.1/host.confirm/c', 'succeeded', 'all 2 hosts are observed on the new CA only'],
  ])('%s: the rest goes on, and the end explains the exception', (id, status, says) => {
    const life = blocked(id);
    expect([statusOf(life.state), hostsInTheWay(life.state)]).toEqual(['blocked', ['c']]);
    life.append(giveUp('c'));
    expect(statusOf(life.run())).toBe(status);
    expect(explain(life.state)).toContain(says);
    expect(explain(life.state)).toMatch(/Without host-c, which person decommissioned at .*: it burnt down\./);
    expect(hostViews(life.state).at(-1)?.step).toBe('decommissioned');
  });

  it('never the last host', () => {
    const life = new Rehearsal((effect) => (effect.id.includes('host.confirm') ? 'fails' : 'ok'));
    life.run(({ sequence }) => sequence > 200);
    for (const host of ['a', 'b']) life.append(giveUp(host));
    expect(hostsInTheWay(life.state)).toEqual(['c']);
    expect(() => life.append(giveUp('c'))).toThrow(/it is the last host/);
  });
});
