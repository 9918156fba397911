import { describe, expect, it } from 'vitest';
import {
  audit,
  type Effect,
  EVENT_VERSION,
  explain,
  hostViews,
  IllegalEvent,
  isHostEffect,
  plan,
  type RotationEventBody,
  reduce,
  replay,
  statusOf,
} from './index.js';
import { Rehearsal, START } from './rehearsal.js';

const failing = (fragment: string) => (effect: Effect) => (effect.id.includes(fragment) ? 'fails' : 'ok');

describe('a rotation that meets no trouble', () => {
  const rehearsal = new Rehearsal();
  const state = rehearsal.run();

  it('succeeds with every host on the new generation', () => {
    expect(statusOf(state)).toBe('succeeded');
    expect(hostViews(state).map((view) => view.serving)).toEqual(['new', 'new', 'new']);
    expect(explain(state)).toContain('all 3 hosts');
  });

  it('commits the canary wave and proves it before the next wave', () => {
    const order = rehearsal.performed;
    expect(order.indexOf('expand.1/host.prove/a')).toBeLessThan(order.indexOf('expand.1/host.commit/b'));
  });

  it('lets the new CA issue only after every host confirmed the overlap (I7, I11)', () => {
    const order = rehearsal.performed;
    const allow = order.indexOf('activate.1/ca.allow-new');
    for (const host of ['a', 'b', 'c']) {
      expect(order.indexOf(`expand.1/host.confirm/${host}`)).toBeLessThan(allow);
      expect(order.indexOf(`activate.1/host.canary/${host}`)).toBeLessThan(
        order.indexOf('activate.1/ca.switch-default'),
      );
    }
  });

  it('soaks before it stages the contract', () => {
    const contract = rehearsal.entries.find(
      ({ event }) => event.type === 'decision.made' && event.decision.kind === 'contract',
    );
    expect(Date.parse(contract?.at ?? '')).toBeGreaterThanOrEqual(START + 60_000);
  });

  it('gives the same state when the journal is replayed', () => {
    expect(replay(rehearsal.entries)).toEqual(state);
  });
});

describe('failures', () => {
  it.each([
    'ca.survey',
    'host.inspect/b',
    'ca.prepare',
    'generations.build',
    'samples.verify',
    'expand.1/host.stage/c',
  ])('%s: refused, and no host was switched', (fragment) => {
    const rehearsal = new Rehearsal(failing(fragment));
    expect(statusOf(rehearsal.run())).toBe('refused');
    expect(rehearsal.performed.some((id) => id.includes('host.commit'))).toBe(false);
    const prepared = rehearsal.performed.includes('ca.prepare');
    expect(rehearsal.performed.includes('ca.withdraw')).toBe(prepared);
  });

  it.each(['expand.1/host.commit/a', 'expand.1/host.prove/a', 'expand.1/host.commit/c'])(
    '%s: every host is reverted and observed back',
    (fragment) => {
      const rehearsal = new Rehearsal(failing(fragment));
      const state = rehearsal.run();
      expect(statusOf(state)).toBe('reverted');
      for (const host of ['a', 'b', 'c'])
        expect(rehearsal.performed).toContain(`expand.1/host.revert/${host}`);
      expect(hostViews(state).every((view) => view.serving === 'old')).toBe(true);
      expect(rehearsal.performed).not.toContain('activate.1/ca.allow-new');
      expect(rehearsal.performed).toContain('ca.withdraw');
    },
  );

  it('is blocked, never reverted, while one host cannot be observed (F11)', () => {
    let dead = true;
    const rehearsal = new Rehearsal((effect) =>
      effect.id === 'expand.1/host.commit/c' || (dead && effect.id === 'expand.1/host.revert/b')
        ? 'fails'
        : 'ok',
    );
    const state = rehearsal.run((s) => (s.effects.get('expand.1/host.revert/b')?.attempts ?? 0) > 5);
    expect(statusOf(state)).toBe('blocked');
    expect(explain(state)).toContain('Blocked on host-b');
    dead = false;
    expect(statusOf(rehearsal.run())).toBe('reverted');
  });

  it.each(['activate.1/ca.allow-new', 'activate.1/host.canary/b', 'activate.1/ca.switch-default'])(
    '%s: the CA falls back, the fleet stays on overlap, and a resume finishes it (F46)',
    (fragment) => {
      const rehearsal = new Rehearsal(failing(fragment));
      const state = rehearsal.run();
      expect(statusOf(state)).toBe('paused');
      expect(rehearsal.performed).toContain('activate.1/ca.fall-back');
      expect(hostViews(state).every((view) => view.serving === 'overlap')).toBe(true);
      rehearsal.append({ type: 'rotation.resumed', by: 'person' });
      expect(statusOf(rehearsal.run())).toBe('succeeded');
    },
  );

  it.each(['contract.1/host.stage/b', 'contract.1/host.prove/c'])(
    '%s: every host trusts both CAs, paused, and a resume finishes it (F47)',
    (fragment) => {
      const rehearsal = new Rehearsal(failing(fragment));
      const state = rehearsal.run();
      expect(statusOf(state)).toBe('paused');
      expect(state.phase).toBe('soak');
      expect(hostViews(state).every((view) => view.serving === 'overlap')).toBe(true);
      rehearsal.append({ type: 'rotation.resumed', by: 'person' });
      expect(statusOf(rehearsal.run())).toBe('succeeded');
    },
  );

  it('tries a transient failure again before it gives up', () => {
    const rehearsal = new Rehearsal((effect, attempt) =>
      effect.id === 'expand.1/host.commit/b' && attempt < 3 ? 'transient' : 'ok',
    );
    expect(statusOf(rehearsal.run())).toBe('succeeded');
  });
});

describe('crashes and commands', () => {
  it('redoes what was interrupted, and decides nothing twice (F01, F04)', () => {
    const rehearsal = new Rehearsal();
    rehearsal.run((state) => state.decisions.has('go/expand.1/1'));
    rehearsal.append({
      type: 'effect.intended',
      effect: { id: 'expand.1/host.commit/b', kind: 'host.commit', hostId: 'b', transition: 'expand' },
      term: 3,
    });
    expect(
      plan(rehearsal.state, rehearsal.now).some((a) => a.kind === 'perform' && a.effect.id.endsWith('/b')),
    ).toBe(false);
    rehearsal.takeOver('batch/1', 'w2');
    expect(rehearsal.state.effects.get('expand.1/host.commit/b')?.status).toBe('interrupted');
    expect(statusOf(rehearsal.run())).toBe('succeeded');
  });

  it.each([
    ['preflight', 'cancelled'],
    ['stage', 'cancelled'],
    ['expand', 'reverted'],
  ])('an abort in %s ends as %s', (phase, end) => {
    const rehearsal = new Rehearsal();
    rehearsal.run(
      (state) => state.phase === phase && [...state.effects.values()].every((r) => r.status === 'done'),
    );
    rehearsal.append({ type: 'abort.requested', by: 'person', because: 'wrong window' });
    expect(statusOf(rehearsal.run())).toBe(end);
  });

  it('refuses illegal entries: a second decision, an older term, anything after the end, an unknown version (F28)', () => {
    const rehearsal = new Rehearsal();
    const done = rehearsal.run();
    const at = new Date(rehearsal.now).toISOString();
    const next = (event: RotationEventBody, v: number = EVENT_VERSION) => ({
      sequence: 999,
      at,
      event: { ...event, v },
    });
    expect(() => reduce(done, next({ type: 'rotation.resumed', by: 'x' }))).toThrow(IllegalEvent);
    const early = new Rehearsal();
    early.run((state) => state.decisions.has('go/expand.1/0'));
    const go = { kind: 'go', transition: 'expand', attempt: 1, wave: 0 } as const;
    expect(() => reduce(early.state, next({ type: 'decision.made', decision: go, because: '' }))).toThrow(
      /decided already/,
    );
    expect(() =>
      reduce(early.state, next({ type: 'term.taken', scope: 'coordinator', term: 1, holder: 'x' })),
    ).toThrow(/does not exceed/);
    expect(() => reduce(early.state, next({ type: 'rotation.resumed', by: 'x' }, EVENT_VERSION + 1))).toThrow(
      new RegExp(`version ${EVENT_VERSION + 1}`),
    );
  });

  it('ends a paused rotation that is aborted, without a resume', () => {
    const rehearsal = new Rehearsal();
    rehearsal.run((state) => state.phase === 'stage');
    const reason = { code: 'test', message: 'lunch', nextStep: 'resume' };
    rehearsal.append({ type: 'rotation.paused', by: 'person', reason });
    expect(statusOf(rehearsal.run())).toBe('paused');
    rehearsal.append({ type: 'abort.requested', by: 'person', because: 'never mind' });
    expect(statusOf(rehearsal.run())).toBe('cancelled');
  });

  it('lets scopes take up the terms that they drew in any order', () => {
    const rehearsal = new Rehearsal();
    rehearsal.append({ type: 'term.taken', scope: 'batch/1', term: 5, holder: 'w1' });
    const { terms } = rehearsal.append({ type: 'term.taken', scope: 'batch/0', term: 4, holder: 'w2' });
    expect([terms.get('batch/0'), terms.get('batch/1')]).toEqual([4, 5]);
    expect(audit(rehearsal.entries)).toEqual([]);
  });

  it('never performs one host effect twice once it succeeded', () => {
    const rehearsal = new Rehearsal();
    rehearsal.run();
    const hostEffects = [...rehearsal.state.effects.values()].filter(({ effect }) => isHostEffect(effect));
    expect(hostEffects.every((record) => record.attempts === 1)).toBe(true);
  });
});
