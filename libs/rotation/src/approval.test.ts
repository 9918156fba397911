import { describe, expect, it } from 'vitest';
import { awaitsApproval, isApproved, trustDiffDigest, trustDiffInWords, trustDiffOf } from './approval.js';
import { audit } from './audit.js';
import { explain } from './explain.js';
import {
  approval,
  approvedBy,
  awaitingApproval,
  gateOpensLater,
  REASON,
  withEvent,
} from './lives.fixture.js';
import { plan } from './plan.js';
import { replay } from './reduce.js';
import { Rehearsal } from './rehearsal.js';
import { digestOfShown } from './shown-trust.js';
import type { RotationState } from './state.js';
import { statusOf } from './status.js';
import type { RotationSnapshot } from './vocabulary.js';

const wantsSecond = { approval: 'contract' } as const;

/** The state with another result of an effect. */
function withResult(
  state: RotationState,
  id: string,
  result: Readonly<Record<string, unknown>>,
): RotationState {
  const record = state.effects.get(id);
  if (!record) throw new Error(`${id} was never begun`);
  return { ...state, effects: state.effects.with(id, { ...record, result }) };
}

describe('a fleet that asks for a second person', () => {
  it('waits in soak, and touches no host before somebody approved', () => {
    const { state, now, performed } = awaitingApproval();
    expect([statusOf(state), state.phase, awaitsApproval(state)]).toEqual(['running', 'soak', true]);
    expect(plan(state, now)).toEqual([]);
    expect(performed.filter((id) => id.startsWith('contract.1'))).toEqual([]);
  });

  it('says what is waited for, who may approve, and how', () => {
    const { state } = awaitingApproval();
    expect(explain(state)).toMatch(
      /the contract waits for the approval of a second person of: .* Next: somebody other than test, with the key of an approver or an admin, .* its digest [0-9a-f]{64} to POST \/v1\/rotations\/r1:approve/,
    );
    expect(explain(approvedBy('second person').state)).not.toContain('second person of');
  });

  it('goes on when a second person approved, who stands in the reason', () => {
    const life = approvedBy('second person');
    expect(statusOf(life.run())).toBe('succeeded');
    expect(life.state.decisions.get('contract.1')?.because).toContain('second person approved');
  });

  it('takes no approval of the one who asked, nor of another change, nor a second one', () => {
    const { state } = awaitingApproval();
    expect(withEvent(state, approval(state, 'test'))).toBeNull();
    expect(withEvent(state, approval(state, 'test (by another name)'))).toBeNull();
    const other = { ...approval(state, 'second person'), digest: 'f'.repeat(64) };
    expect(withEvent(state, other as never)).toBeNull();
    expect(withEvent(approvedBy('second person').state, approval(state, 'third person'))).toBeNull();
  });

  it('takes none before the soak, nor while the gate is closed, and one while it is paused', () => {
    const early = new Rehearsal(undefined, null, wantsSecond);
    early.run(({ phase }) => phase === 'activate');
    expect(withEvent(early.state, approval(early.state, 'second person'))).toBeNull();
    const closed = gateOpensLater(wantsSecond);
    closed.run(({ effects }) => effects.get('contract.1/usage.judge')?.status === 'done');
    expect(withEvent(closed.state, approval(closed.state, 'second person'))).toBeNull();
    const { state } = awaitingApproval();
    const paused = withEvent(state, { type: 'rotation.paused', by: 'person', reason: REASON });
    expect(paused && withEvent(paused, approval(paused, 'second person'))).not.toBeNull();
  });

  it('counts an approval no more once the change is another one', () => {
    const { state } = approvedBy('second person');
    expect(isApproved(state)).toBe(true);
    const rebuilt = withResult(state, 'generations.build', { trustDiff: '+1 -2 anchors' });
    expect([isApproved(rebuilt), awaitsApproval(rebuilt)]).toEqual([false, true]);
    expect(plan(rebuilt, Number.MAX_SAFE_INTEGER)).toEqual([]);
    expect(withEvent(rebuilt, approval(rebuilt, 'second person'))?.approval?.by).toBe('second person');
  });

  it('waits anew for nobody when a contract failed and is tried again', () => {
    const life = new Rehearsal(
      ({ id }) => (id === 'contract.1/host.prove/c' ? 'fails' : 'ok'),
      null,
      wantsSecond,
    );
    life.run();
    life.append(approval(life.state, 'second person'));
    expect(statusOf(life.run())).toBe('paused');
    life.append({ type: 'rotation.resumed', by: 'person' });
    expect(statusOf(life.run())).toBe('succeeded');
  });

  it('asks for nobody in a fleet that does not want it', () => {
    const life = new Rehearsal();
    life.run(({ phase }) => phase === 'soak');
    expect([isApproved(life.state), awaitsApproval(life.state)]).toEqual([true, false]);
    expect(withEvent(life.state, approval(life.state, 'second person'))).toBeNull();
  });
});

it('F28 entries of version 4 read as they did: nobody was asked for', () => {
  const life = new Rehearsal();
  life.run();
  const entries = life.entries.map((entry) => ({ ...entry, event: { ...entry.event, v: 4 } }));
  expect(replay(entries)).toEqual(life.state);
  expect(audit(entries)).toEqual([]);
});

it('the auditor knows who asked by their id, whatever they are called', () => {
  const life = approvedBy('ben (Ben)');
  life.run();
  const asked = (requestedBy: string) =>
    life.entries.map((entry) => {
      const { event } = entry;
      if (event.type !== 'rotation.requested') return entry;
      return { ...entry, event: { ...event, snapshot: { ...event.snapshot, requestedBy } } };
    });
  expect(audit(asked('ana (Ben)'))).toEqual([]);
  expect(JSON.stringify(audit(asked('ben (Ana)')))).toContain('I14');
});

describe('the digest of a change of trust', () => {
  const { state } = awaitingApproval();
  const snapshot: RotationSnapshot = state.snapshot;
  const ref = (digest: string) => ({ id: digest, number: 1, digest, marker: null });
  const built = { overlap: ref('d2'), next: ref('d3'), trustDiff: '+1 -1 anchors', otherFleets: [] };
  const samples = { byFleet: [{ fleetId: 'f1', accepted: 2, refusedAfterContract: ['pos'] }] };
  const shown = { snapshot, built, samples };
  const digest = digestOfShown(shown);
  const elsewhere = { fleetId: 'f2', fleetName: 'too', old: ref('e1'), hostIds: [] };

  it.each([
    ['the old bundle', { ...shown, snapshot: { ...snapshot, old: ref('dX') } }],
    ['the overlap', { ...shown, built: { ...built, overlap: ref('dX') } }],
    ['the new bundle', { ...shown, built: { ...built, next: ref('dX') } }],
    ['the words for it', { ...shown, built: { ...built, trustDiff: '+1 -2 anchors' } }],
    [
      'a sample',
      { ...shown, samples: { byFleet: [{ fleetId: 'f1', accepted: 2, refusedAfterContract: [] }] } },
    ],
    ['the fleets', { ...shown, snapshot: { ...snapshot, otherFleets: [elsewhere] } }],
    ['a further fleet', { ...shown, built: { ...built, otherFleets: [{ fleetId: 'f2', next: ref('e3') }] } }],
  ])('is another one for a change of %s', (_, changed) => {
    expect(digestOfShown(changed)).not.toBe(digest);
  });

  it('is the same however a database orders the names', () => {
    const { overlap, next, trustDiff, otherFleets } = built;
    expect(digestOfShown({ ...shown, built: { trustDiff, otherFleets, next, overlap } })).toBe(digest);
  });

  it('is null before the samples are judged, and so are the words before the bundles are built', () => {
    const life = new Rehearsal(undefined, null, wantsSecond);
    expect([trustDiffDigest(life.state), trustDiffOf(life.state, 'f1')]).toEqual([null, null]);
  });

  it('has words for each fleet', () => {
    const known = withResult(withResult(state, 'generations.build', built), 'samples.verify', samples);
    expect(trustDiffInWords(known)).toBe('+1 -1 anchors; samples: 2 accepted, 1 will be refused: pos');
    const two = { ...known, snapshot: { ...snapshot, otherFleets: [elsewhere] } };
    expect(trustDiffInWords(two)).toBe(
      'edge: +1 -1 anchors; samples: 2 accepted, 1 will be refused: pos | too: ',
    );
  });
});
