import { describe, expect, it } from 'vitest';
import { batchScope } from './batches.js';
import type { Effect } from './effects.js';
import type { RotationEventBody } from './events.js';
import { REASON, withEvent } from './lives.fixture.js';
import { plan } from './plan.js';
import { Rehearsal, START } from './rehearsal.js';
import type { RotationState } from './state.js';
import { statusOf } from './status.js';
import { renewalsDue, undecidedHosts } from './waiting.js';

const { voteMs, deadlineMs, marginMs } = new Rehearsal().state.snapshot.timing;
const TERM_OF_SECOND_BATCH = 3;

/** As far as the effect is done, at the time at which it was. */
function until(id: string, life = new Rehearsal()): Rehearsal {
  life.run(({ effects }) => effects.get(id)?.status === 'done');
  return life;
}

const planned = (state: RotationState, now: number) =>
  plan(state, now).map((action) => {
    if (action.kind === 'perform') return action.effect.id;
    return action.kind === 'decide' ? action.decision.kind : action.kind;
  });

const begun = ({ effects }: RotationState, id: string) => Date.parse(effects.get(id)?.begunAt ?? '');
const commits = ['a', 'b', 'c'].map((host) => `expand.1/host.commit/${host}`);

function renewed(hostId: string, until: number, term: number): RotationEventBody {
  return { type: 'deadlines.renewed', hostIds: [hostId], until: new Date(until).toISOString(), term };
}

describe('votes', () => {
  it('are good until the margin before they expire, counted from the intent, and `go` is good no longer', () => {
    const { state } = until('expand.1/host.stage/c');
    const first = begun(state, 'expand.1/host.stage/a') + voteMs - marginMs;
    expect(plan(state, first - 1)).toMatchObject([{ decision: { kind: 'go', wave: 0 }, notAfter: first }]);
    expect(planned(state, first)).toEqual(['expand.1/host.stage/a']);
  });

  it('that expired before the `go` of their wave are asked for again', () => {
    const life = until('expand.1/host.prove/a');
    life.now += voteMs;
    expect(planned(life.state, life.now)).toEqual(['expand.1/host.stage/b', 'expand.1/host.stage/c']);
    life.run((state) => state.decisions.has('go/expand.1/1'));
    expect(life.state.effects.get('expand.1/host.stage/b')?.attempts).toBe(2);
    expect(life.state.effects.get('expand.1/host.stage/a')?.attempts).toBe(1);
  });

  it('of a host that was switched are not asked for again', () => {
    const life = until('expand.1/host.commit/a');
    const effect: Effect = {
      ...{ id: 'expand.1/host.stage/a', kind: 'host.stage', hostId: 'a', transition: 'expand' },
    };
    expect(withEvent(life.state, { type: 'effect.intended', effect, term: 2 })).toBeNull();
  });

  it('that expired before the switch arrived are given anew, and the host is switched by the same `go`', () => {
    const life = new Rehearsal();
    life.run((state) => state.decisions.has('go/expand.1/1'));
    const effect = { kind: 'host.commit', hostId: 'b', transition: 'expand' } as const;
    const id = 'expand.1/host.commit/b';
    const reason = { ...REASON, code: 'host.vote-expired' };
    const term = TERM_OF_SECOND_BATCH;
    life.append({ type: 'effect.intended', effect: { ...effect, id }, term });
    life.append({ type: 'effect.failed', effectId: id, reason, transient: true, term });
    life.now += 1;
    expect(planned(life.state, life.now)).toEqual(['expand.1/host.stage/b']);
    life.run();
    expect(statusOf(life.state)).toBe('succeeded');
    expect(life.performed.filter((one) => one === 'expand.1/host.stage/b')).toHaveLength(2);
    const gos = life.entries.filter(
      ({ event }) => event.type === 'decision.made' && event.decision.kind === 'go',
    );
    expect(gos).toHaveLength(4);
  });

  it('of a host that lets them expire again and again end in the way back', () => {
    const life = new Rehearsal();
    life.run((state) => state.decisions.has('go/expand.1/1'));
    const { perform } = life;
    const expires = { ...REASON, code: 'host.vote-expired' };
    life.perform = (effect) => {
      if (effect.id !== 'expand.1/host.commit/b') return perform.call(life, effect);
      const term = TERM_OF_SECOND_BATCH;
      life.append({ type: 'effect.intended', effect, term });
      life.append({ type: 'effect.failed', effectId: effect.id, reason: expires, transient: true, term });
    };
    expect(statusOf(life.run())).toBe('reverted');
  });
});

describe('deadlines', () => {
  const proven = until('expand.1/host.prove/c').state;
  const nearest = begun(proven, 'expand.1/host.commit/a') + deadlineMs;

  it('are counted from the journal time of the intent, of which no host can have been earlier', () => {
    const expected = commits.map((id) => [id.at(-1), begun(proven, id) + deadlineMs]);
    expect([...proven.armed]).toEqual(expected);
  });

  it('let `keep` be planned until the margin before the nearest, and be true no longer', () => {
    const [keep] = plan(proven, nearest - marginMs - 1);
    expect(keep).toMatchObject({ decision: { kind: 'keep' }, notAfter: nearest - marginMs });
  });

  it('that are nearer than the margin bring the fleet back, and name who waited', () => {
    const [revert, ...others] = plan(proven, nearest - marginMs);
    expect(revert).toMatchObject({ kind: 'decide', decision: { kind: 'revert' } });
    expect(revert).toHaveProperty('because', expect.stringContaining('host-a waited too long'));
    expect(others).toEqual([]);
  });

  it('bring the fleet back in the middle of a wave, too', () => {
    const { state } = until('expand.1/host.prove/a');
    expect(planned(state, nearest - marginMs)).toEqual(['revert']);
  });

  it('that were moved count from where they were moved to, and never come nearer by it', () => {
    const later = nearest + deadlineMs;
    let state = proven;
    for (const [host, term] of [
      ['a', 2],
      ['b', TERM_OF_SECOND_BATCH],
      ['c', TERM_OF_SECOND_BATCH],
    ] as const) {
      state = withEvent(state, renewed(host, later, term)) ?? state;
    }
    expect([...state.armed.values()]).toEqual([later, later, later]);
    expect(plan(state, nearest)).toMatchObject([{ decision: { kind: 'keep' }, notAfter: later - marginMs }]);
    expect(withEvent(state, renewed('a', nearest, 2))?.armed.get('a')).toBe(later);
  });

  it('are moved by the newest lease of the batch only, and of hosts that wait only', () => {
    expect(withEvent(proven, renewed('a', nearest, 1))).toBeNull();
    expect(withEvent(proven, renewed('a', nearest, TERM_OF_SECOND_BATCH))).toBeNull();
    const { state } = until('expand.1/host.prove/a');
    expect(withEvent(state, renewed('b', nearest, TERM_OF_SECOND_BATCH))).toBeNull();
  });

  it('of a contract bring every host back to the overlap', () => {
    const life = until('contract.1/host.prove/c');
    life.now = Math.max(...life.state.armed.values());
    expect(planned(life.state, life.now)).toEqual(['revert']);
    expect([statusOf(life.run()), life.state.phase]).toEqual(['paused', 'soak']);
  });
});

describe('renewals', () => {
  const [canary, others] = [batchScope(0), batchScope(1)];
  const dueFrom = (state: RotationState, host: string) => {
    const wait = state.armed.get(host) ?? 0;
    return wait - (deadlineMs * 2) / 3;
  };

  it('are due of a switched host when a third of its deadline is gone', () => {
    const { state } = until('expand.1/host.prove/a');
    expect(renewalsDue(state, canary, dueFrom(state, 'a'))).toEqual([]);
    expect(renewalsDue(state, canary, dueFrom(state, 'a') + 1)).toEqual(['a']);
    expect(renewalsDue(state, others, Number.MAX_SAFE_INTEGER)).toEqual([]);
  });

  it('are due of hosts of the own batch only', () => {
    const { state } = until('expand.1/host.prove/c');
    expect(renewalsDue(state, canary, Number.MAX_SAFE_INTEGER)).toEqual(['a']);
    expect(renewalsDue(state, others, Number.MAX_SAFE_INTEGER)).toEqual(['b', 'c']);
    expect(renewalsDue(state, 'coordinator', Number.MAX_SAFE_INTEGER)).toEqual([]);
  });

  it.each(['keep', 'revert'] as const)('are due no more once `%s` is decided', (kind) => {
    const { state } = until('expand.1/host.prove/c');
    const decision = { kind, transition: 'expand', attempt: 1 } as const;
    const decided = withEvent(state, { type: 'decision.made', decision, because: '' });
    if (!decided) throw new Error('it is legal');
    expect(renewalsDue(decided, canary, Number.MAX_SAFE_INTEGER)).toEqual([]);
    expect(undecidedHosts(decided, canary)).toEqual([]);
  });

  it('go on while a pause waits for the end of the switch', () => {
    const { state } = until('expand.1/host.prove/a');
    const paused = withEvent(state, { type: 'rotation.paused', by: 'person', reason: REASON });
    expect(paused && renewalsDue(paused, canary, Number.MAX_SAFE_INTEGER)).toEqual(['a']);
  });

  it('of a contract are for hosts that were switched to the new generation', () => {
    const { state } = until('contract.1/host.prove/a');
    expect(state.phase).toBe('contract');
    expect(renewalsDue(state, canary, START + 600_000)).toEqual(['a']);
    expect(renewalsDue(state, others, START + 600_000)).toEqual([]);
    expect(undecidedHosts(state, others)).toEqual(['b', 'c']);
  });
});
