import { describe, expect, it } from 'vitest';
import { audit } from './audit.js';
import type { RotationEventBody } from './events.js';
import { explain } from './explain.js';
import { generationsFor, refreshSides } from './fleets.js';
import { trustDiffOf } from './index.js';
import { REASON, withEvent } from './lives.fixture.js';
import { plan } from './plan.js';
import { isRefreshing, refreshTry } from './refresh.js';
import { pausedInTheSoak, REFRESH_LIVES, refOf, refreshLife, until } from './refreshes.fixture.js';
import { Rehearsal, START } from './rehearsal.js';
import { isDone, type RotationState } from './state.js';
import { hostViews, isHeld, statusOf } from './status.js';
import { renewalsDue, undecidedHosts } from './waiting.js';

const HOUR = 3_600_000;
const decidedAfter = (key: string) => (state: RotationState) => state.decisions.has(key);
const looksOf = (life: Rehearsal) => life.performed.filter((id) => id.endsWith('/crls.renew'));

describe('the CRLs of a soak', () => {
  it('are looked at every hour, and nothing is done to a host while there is nothing to bring', () => {
    const life = refreshLife({ finds: () => false });
    expect(life.run().ended?.status).toBe('succeeded');
    expect(looksOf(life)).toEqual(Array(2).fill('refresh.1/crls.renew'));
    expect(life.performed.filter((id) => id.startsWith('refresh.1/host'))).toEqual([]);
  });

  it('are nobody’s concern where the hosts have none', () => {
    const life = new Rehearsal(undefined, (now) => ({
      ...{ open: now > START + 3 * HOUR, because: '', count: 0, opensAt: null, users: [] },
    }));
    expect(life.run().ended?.status).toBe('succeeded');
    expect(looksOf(life)).toEqual([]);
  });

  it('are brought to every host by one decision, after which the gate is waited for as before', () => {
    const life = refreshLife();
    const kept = life.run(decidedAfter('outcome/refresh.1'));
    expect(generationsFor(kept, 'f1')?.overlap.id).toBe('overlap with look 1');
    expect(refreshSides(kept, 'f1')).toEqual({ near: refOf('overlap'), far: refOf('overlap with look 1') });
    expect(explain(kept)).toContain('The hosts are being given the CRLs of now.');
    const after = life.run((state) => !isRefreshing(state));
    expect([after.phase, after.phaseSince, refreshTry(after)]).toEqual(['soak', kept.phaseSince, 2]);
    expect(hostViews(after).map(({ serving, step }) => [serving, step])).toEqual(
      Array(3).fill(['overlap', 'confirmed']),
    );
    expect(trustDiffOf(after, 'f1')).toBe('+1 -1');
    const end = life.run();
    expect(end.ended?.status).toBe('succeeded');
    expect(audit(life.entries)).toEqual([]);
    const first = life.performed.findIndex((id) => id.startsWith('contract.1/host.stage'));
    expect(life.performed.slice(first).filter((id) => id.startsWith('refresh'))).toEqual([]);
  });

  it('are looked at before half of what is left of the first to end is over', () => {
    const life = refreshLife({ crlEnds: 1, finds: () => false });
    const state = life.run(({ phase }) => phase === 'soak');
    const built = Date.parse(state.effects.get('generations.build')?.at ?? '');
    const [wait] = plan(state, life.now);
    expect(wait).toEqual({ kind: 'wait', until: built + (Date.parse(until(1)) - built) / 2 });
  });

  it('that have ended are looked at once a minute at most', () => {
    const life = refreshLife({ crlEnds: 0.01, finds: () => false });
    life.run((state) => looksOf({ ...life, state } as Rehearsal).length > 0);
    const [wait] = plan(
      life.run(({ effects }) => effects.get('refresh.1/crls.renew')?.status === 'done'),
      life.now,
    );
    expect(wait).toMatchObject({ kind: 'wait' });
    expect((wait as { until: number }).until - life.now).toBeGreaterThanOrEqual(59_000);
  });

  it('are looked at once more when a person asks for a retry', () => {
    const life = refreshLife();
    life.run((state) => state.effects.get('contract.1/usage.judge')?.status === 'done');
    life.append({ type: 'retry.requested', by: 'person' });
    life.run(decidedAfter('outcome/refresh.1'));
    expect(life.now - START).toBeLessThan(HOUR / 2);
  });
});

describe('a refresh in the soak that fails', () => {
  it('on a vote drops what was staged, and is tried again within five minutes, and not paused', () => {
    const life = refreshLife({
      answer: ({ id }) => (id.includes('refresh.1/host.stage/c') ? 'fails' : 'ok'),
    });
    const refused = life.run(decidedAfter('outcome/refresh.1'));
    expect(refused.decisions.get('outcome/refresh.1')?.decision.kind).toBe('refuse');
    const after = life.run((state) => !isRefreshing(state));
    expect([statusOf(after), refreshTry(after)]).toEqual(['running', 2]);
    expect(explain(after)).toMatch(/others could not be brought at .*: refresh.1\/host.stage\/c failed/);
    expect(hostViews(after).map(({ reason }) => reason)).toEqual([null, null, null]);
    const again = life.run(decidedAfter('go/refresh.2/0'));
    const waited =
      Date.parse(again.updatedAt) - Date.parse(refused.decisions.get('outcome/refresh.1')?.at ?? '');
    expect(waited / 60_000).toBeCloseTo(5, 0);
    expect(life.run().ended?.status).toBe('succeeded');
    expect(audit(life.entries)).toEqual([]);
  });

  it('on a proof brings every host back to the overlap of before', () => {
    const life = refreshLife({
      answer: ({ id }) => (id.includes('refresh.1/host.prove/b') ? 'fails' : 'ok'),
    });
    const back = life.run(decidedAfter('outcome/refresh.1'));
    expect(generationsFor(back, 'f1')?.overlap.id).toBe('overlap');
    const after = life.run((state) => !isRefreshing(state));
    expect(life.performed.filter((id) => id.startsWith('refresh.1/host.prove-reverted'))).toHaveLength(3);
    expect(hostViews(after).map(({ serving }) => serving)).toEqual(Array(3).fill('overlap'));
    expect(life.run().ended?.status).toBe('succeeded');
    expect(audit(life.entries)).toEqual([]);
  });

  it('for want of a CRL says so, and looks again', () => {
    const life = refreshLife({
      answer: ({ id }, attempt) => (id === 'refresh.1/crls.renew' && attempt < 3 ? 'fails' : 'ok'),
    });
    const state = life.run(({ effects }) => effects.get('refresh.1/crls.renew')?.status === 'failed');
    expect(explain(state)).toMatch(
      /CRL of CN=old that the hosts have ends at .*: they refuse its clients from then on, and others could not be brought at .*: refresh.1\/crls.renew failed. Next: look/,
    );
    expect(life.run().ended?.status).toBe('succeeded');
    expect(looksOf(life).filter((id) => id === 'refresh.1/crls.renew')).toHaveLength(3);
  });
});

describe('a pause in the soak', () => {
  it('holds the rotation and not its CRLs', () => {
    const life = pausedInTheSoak();
    const state = life.run((one) => !isRefreshing(one));
    expect([isHeld(state), statusOf(state), refreshTry(state)]).toEqual([true, 'paused', 3]);
    expect(explain(state)).toMatch(/^Paused by person .*they are given others before/);
    life.run(({ decisions }) => decisions.has('outcome/refresh.3'));
    expect(life.performed.some((id) => id.startsWith('contract.1/host'))).toBe(false);
    life.append({ type: 'rotation.resumed', by: 'person' });
    expect(life.run().ended?.status).toBe('succeeded');
    expect(audit(life.entries)).toEqual([]);
  });

  it('keeps hosts that are being switched waiting for the decision', () => {
    const life = refreshLife();
    life.run(({ phase }) => phase === 'soak');
    life.append({ type: 'rotation.paused', by: 'person', reason: REASON });
    const state = life.run(decidedAfter('go/refresh.1/1'));
    expect(undecidedHosts(state, 'batch/0')).toEqual(['a']);
    expect(renewalsDue(state, 'batch/0', life.now + 100_000)).toEqual(['a']);
    expect(statusOf(state)).toBe('running');
  });

  it('in the middle of a contract that is not decided lets it begin anew with the CRLs of then', () => {
    const life = refreshLife({ instead: { contractWhen: 'soaked', soakSeconds: 0 } });
    life.run(({ effects }) => effects.get('contract.1/host.stage/a')?.status === 'done');
    life.append({ type: 'rotation.paused', by: 'person', reason: REASON });
    life.run((state) => state.decisions.has('outcome/refresh.1') && !isRefreshing(state));
    expect(life.state.attempt.contract).toBe(2);
    life.append({ type: 'rotation.resumed', by: 'person' });
    expect(life.run().ended?.status).toBe('succeeded');
    expect(life.performed).toContain('contract.2/ca.check-retired');
    expect(audit(life.entries)).toEqual([]);
  });

  it('behind the decision of a contract holds nothing, as CRLs may end there', () => {
    const life = refreshLife();
    life.run(decidedAfter('contract.1'));
    life.append({ type: 'rotation.paused', by: 'person', reason: REASON });
    expect([isHeld(life.state), statusOf(life.state)]).toEqual([false, 'running']);
    expect(life.run().ended?.status).toBe('succeeded');
    expect(audit(life.entries)).toEqual([]);
  });

  it('behind an activation that failed keeps them fresh as well', () => {
    const life = refreshLife({
      answer: ({ id }) => (id.includes('activate.1/host.canary/b') ? 'fails' : 'ok'),
    });
    const state = life.run((one) => one.decisions.has('outcome/refresh.1') && !isRefreshing(one));
    expect([state.phase, statusOf(state)]).toEqual(['activate', 'paused']);
    life.append({ type: 'rotation.resumed', by: 'person' });
    expect(life.run().ended?.status).toBe('succeeded');
    expect(audit(life.entries)).toEqual([]);
  });

  it('behind a contract that failed does so too', () => {
    const life = refreshLife({
      answer: ({ id }) => (id.includes('contract.1/host.prove/c') ? 'fails' : 'ok'),
    });
    const paused = life.run(({ paused }) => paused !== null);
    const tries = refreshTry(paused);
    const state = life.run((one) => refreshTry(one) > tries);
    expect([state.phase, statusOf(state), state.attempt.contract]).toEqual(['soak', 'paused', 1]);
    life.append({ type: 'rotation.resumed', by: 'person' });
    expect(life.run().ended?.status).toBe('succeeded');
    expect(life.performed).toContain('contract.2/host.commit/a');
    expect(audit(life.entries)).toEqual([]);
  });
});

describe('a refresh and a contract', () => {
  it('are never begun together', () => {
    const life = refreshLife();
    const refreshing = life.run(decidedAfter('go/refresh.1/0'));
    const contract = { kind: 'contract', attempt: 1 } as const;
    expect(withEvent(refreshing, { type: 'decision.made', decision: contract, because: '' })).toBeNull();
    const effect = { id: 'contract.1/ca.check-retired', kind: 'ca.check-retired' } as const;
    expect(withEvent(refreshing, { type: 'effect.intended', effect, term: 1 })).toBeNull();
    const dropping = life.run(decidedAfter('contract.1'));
    const look = { id: `refresh.${refreshTry(dropping)}/crls.renew`, kind: 'crls.renew' } as const;
    expect(withEvent(dropping, { type: 'effect.intended', effect: look, term: 1 })).toBeNull();
  });

  it('are not decided on together, though every host had voted for the contract', () => {
    const life = refreshLife({ instead: { contractWhen: 'soaked', soakSeconds: 0 } });
    const voted = (one: RotationState, host: string) => isDone(one, `contract.1/host.stage/${host}`);
    const ready = life.run((one) => ['a', 'b', 'c'].every((host) => voted(one, host)));
    const contract = { kind: 'contract', attempt: 1 } as const;
    const decided: RotationEventBody = { type: 'decision.made', decision: contract, because: '' };
    expect(withEvent(ready, decided)?.phase).toBe('contract');
    life.append({ type: 'rotation.paused', by: 'person', reason: REASON });
    life.run(isRefreshing);
    const refreshing = life.append({ type: 'rotation.resumed', by: 'person' });
    expect(refreshing.attempt.contract).toBe(1);
    expect(withEvent(refreshing, decided)).toBeNull();
  });

  it.each(REFRESH_LIVES.map((live, index) => ({ live, index })))('end well in life $index', ({ live }) => {
    const life = live();
    life.run();
    if (life.state.paused) life.append({ type: 'rotation.resumed', by: 'person' });
    expect(life.run().ended?.status).toBe('succeeded');
    expect(audit(life.entries)).toEqual([]);
  });
});
