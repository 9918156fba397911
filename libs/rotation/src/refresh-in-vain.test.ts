import { describe, expect, it } from 'vitest';
import { audit } from './audit.js';
import { explain } from './explain.js';
import { overlapsOf } from './fleets.js';
import { REASON } from './lives.fixture.js';
import { isRefreshing } from './refresh.js';
import { refOf, refreshLife } from './refreshes.fixture.js';
import type { Answer, Rehearsal } from './rehearsal.js';
import type { RotationState } from './state.js';
import { blocksOf, hostsInTheWay, hostViews, statusOf } from './status.js';

const decidedAfter = (key: string) => (state: RotationState) => state.decisions.has(key);
const AT_ONCE = { contractWhen: 'soaked', soakSeconds: 0 } as const;

const transient =
  (...fragments: string[]): Answer =>
  ({ id }) =>
    fragments.some((one) => id.includes(one)) ? 'transient' : 'ok';

function pause(life: Rehearsal): void {
  life.append({ type: 'rotation.paused', by: 'person', reason: REASON });
}

function resumeToTheEnd(life: Rehearsal): void {
  life.append({ type: 'rotation.resumed', by: 'person' });
  expect(life.run().ended?.status).toBe('succeeded');
  expect(audit(life.entries)).toEqual([]);
}

describe('a host that keeps the fleet from the CRLs of now', () => {
  it('may be given up, though it was never asked to vote', () => {
    const life = refreshLife({ answer: transient('/host.reconcile/c') });
    const refused = life.run((state) => state.decisions.has('outcome/refresh.1') && !isRefreshing(state));
    expect([statusOf(refused), hostsInTheWay(refused)]).toEqual(['running', ['c']]);
    expect(explain(refused)).toContain('refresh.1/host.reconcile/c failed');
    life.append({ type: 'host.decommissioned', hostId: 'c', by: 'person', because: 'it burnt down' });
    const kept = life.run(decidedAfter('outcome/refresh.2'));
    expect(kept.decisions.get('outcome/refresh.2')?.decision.kind).toBe('keep');
    expect(hostsInTheWay(kept)).toEqual([]);
    expect(life.run().ended?.status).toBe('succeeded');
    expect(audit(life.entries)).toEqual([]);
  });

  it('is named in a pause as well', () => {
    const life = refreshLife({
      answer: ({ id }) => {
        if (id.includes('refresh.1/host.stage/b')) return 'fails';
        return id.includes('refresh.1/host.discard/c') ? 'transient' : 'ok';
      },
    });
    life.run(({ phase }) => phase === 'soak');
    pause(life);
    const state = life.run((one) => blocksOf(one).length > 0);
    expect([statusOf(state), hostsInTheWay(state)]).toEqual(['paused', ['c']]);
    expect(explain(state)).toMatch(/^Paused by person .*\nBlocked on host-c since .*host.discard\/c failed/);
  });
});

describe('a rotation that is blocked while its CA is away', () => {
  it('says when the CRL of its hosts ends', () => {
    const life = refreshLife({ answer: transient('/usage.judge', '/crls.renew') });
    const state = life.run(({ effects }) => effects.get('refresh.1/crls.renew')?.status === 'failed');
    expect(explain(state)).toMatch(/^Blocked since .*usage.judge failed.* The CRL of CN=old .* ends at/);
  });

  it('brings CRLs that can be had otherwise, and begins its contract anew', () => {
    const life = refreshLife({ answer: transient('contract.1/ca.check-retired'), instead: AT_ONCE });
    const state = life.run((one) => one.decisions.has('outcome/refresh.1') && !isRefreshing(one));
    expect([statusOf(state), blocksOf(state), state.attempt.contract]).toEqual(['running', [], 2]);
    expect(life.run().ended?.status).toBe('succeeded');
    expect(hostViews(life.state).map(({ reason }) => reason)).toEqual([null, null, null]);
    expect(audit(life.entries)).toEqual([]);
  });
});

describe('a pause', () => {
  it('while the votes of a refused contract are dropped keeps the CRLs fresh all the same', () => {
    const life = refreshLife({
      answer: ({ id }) => (id.includes('contract.1/host.stage/c') ? 'fails' : 'ok'),
      instead: AT_ONCE,
    });
    life.run(decidedAfter('outcome/contract.1'));
    pause(life);
    life.run(decidedAfter('outcome/refresh.1'));
    expect(life.performed.some((id) => id.startsWith('contract.1/host.discard'))).toBe(false);
    expect(life.state.decisions.get('outcome/refresh.1')?.decision.kind).toBe('keep');
    resumeToTheEnd(life);
  });

  it.each(['host.stage', 'host.prove'])(
    'in which a refresh fails at %s lets a contract begin anew',
    (kind) => {
      const life = refreshLife({
        answer: ({ id }) => (id.includes(`refresh.1/${kind}/b`) ? 'fails' : 'ok'),
        instead: AT_ONCE,
      });
      life.run(({ effects }) => effects.get('contract.1/host.stage/a')?.status === 'done');
      pause(life);
      life.run((state) => state.decisions.has('outcome/refresh.1') && !isRefreshing(state));
      expect(life.state.attempt.contract).toBe(2);
      resumeToTheEnd(life);
      expect(life.performed).toContain('contract.2/ca.check-retired');
    },
  );
});

describe('the overlap of a refresh that was reverted', () => {
  it('is one that a host may come back with', () => {
    const life = refreshLife({
      answer: ({ id }) => (id.includes('refresh.1/host.prove/b') ? 'fails' : 'ok'),
    });
    const state = life.run((one) => one.decisions.has('outcome/refresh.1') && !isRefreshing(one));
    expect(overlapsOf(state, 'f1')).toEqual([refOf('overlap with look 1'), refOf('overlap')]);
  });
});
