import { describe, expect, it } from 'vitest';
import { COURSES, type RotationState, statusOf } from '#rotation';
import {
  awaitingApproval,
  failing,
  gateOpensLater,
  LIVES,
  REASON,
  statesOf,
  withEvent,
} from '../../../../../libs/rotation/src/lives.fixture.js';
import { Rehearsal } from '../../../../../libs/rotation/src/rehearsal.js';
import { hostsToGiveUp, type Verb, verbsOffered } from './offered.js';

const ADMIN = { actor: 'api-key:1 (ana)', roles: ['admin' as const], fleets: null };
const caller = (role: 'viewer' | 'operator' | 'approver') => ({ ...ADMIN, roles: [role] });

/** What each verb writes to the journal. */
const WRITES = {
  pause: { type: 'rotation.paused', by: 'x', reason: REASON },
  resume: { type: 'rotation.resumed', by: 'x' },
  abort: { type: 'abort.requested', by: 'x', because: 'x' },
  retry: { type: 'retry.requested', by: 'x' },
  override: { type: 'gate.overridden', by: 'x', because: 'x' },
} as const;

const until = (life: Rehearsal, stop: (state: RotationState) => boolean) => life.run(stop);

describe('the verbs that are offered', () => {
  it('are such that the journal takes them, in every state of every life', () => {
    for (const make of LIVES) {
      for (const state of statesOf(make())) {
        for (const verb of verbsOffered(state, ADMIN)) {
          const body = WRITES[verb as keyof typeof WRITES];
          if (body) expect(withEvent(state, body), `${verb} in ${state.phase}`).not.toBeNull();
        }
        for (const hostId of hostsToGiveUp(state, ADMIN)) {
          const given = withEvent(state, { type: 'host.decommissioned', hostId, by: 'x', because: 'x' });
          expect(given, `give up ${hostId} in ${state.phase}`).not.toBeNull();
        }
      }
    }
  });

  it('are none when it has ended, and none to a viewer', () => {
    const states = LIVES.flatMap((make) => statesOf(make()));
    expect(states.filter(({ ended }) => ended).flatMap((state) => verbsOffered(state, ADMIN))).toEqual([]);
    expect(states.flatMap((state) => verbsOffered(state, caller('viewer')))).toEqual([]);
    expect(states.flatMap((state) => hostsToGiveUp(state, caller('approver')))).toEqual([]);
  });

  it('are the way back only until the fleet decided', () => {
    const life = new Rehearsal();
    const offers = (verb: Verb) => verbsOffered(life.state, ADMIN).includes(verb);
    until(life, ({ phase }) => phase === 'expand');
    expect([offers('abort'), offers('pause'), offers('resume')]).toEqual([true, true, false]);
    until(life, ({ decisions }) => decisions.has('outcome/expand.1'));
    expect(offers('abort')).toBe(false);
  });

  it('are a resume while it is paused, and a retry while something fails', () => {
    const life = new Rehearsal(failing('activate.1/host.canary/b'));
    until(life, ({ paused }) => paused !== null);
    expect(statusOf(life.state)).toBe('paused');
    expect(verbsOffered(life.state, ADMIN)).toEqual(['resume']);
    const blocked = new Rehearsal((effect) => (effect.kind === 'host.confirm' ? 'transient' : 'ok'));
    until(blocked, (state) => statusOf(state) === 'blocked');
    expect(verbsOffered(blocked.state, ADMIN)).toContain('retry');
    expect(hostsToGiveUp(blocked.state, ADMIN)).not.toEqual([]);
  });

  it('are an override only before a closed gate', () => {
    const life = gateOpensLater();
    until(life, (state) => state.phase === 'soak');
    expect(verbsOffered(life.state, ADMIN)).toContain('override');
    expect(verbsOffered(new Rehearsal().state, ADMIN)).not.toContain('override');
  });

  it('are an approval for somebody else than who asked, and who may approve', () => {
    const { state } = awaitingApproval();
    expect(COURSES[state.snapshot.strategy].contracts).toBe(true);
    expect(verbsOffered(state, caller('approver'))).toEqual(['approve']);
    expect(verbsOffered(state, caller('operator'))).not.toContain('approve');
    expect(verbsOffered(state, { ...ADMIN, actor: 'test (by another name)' })).not.toContain('approve');
  });
});
