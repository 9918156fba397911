import { describe, expect, it } from 'vitest';
import { audit, batchesOf, batchScope, hostViews, IllegalEvent, reduce, replay, statusOf } from './index.js';
import { Rehearsal } from './rehearsal.js';
import type { RotationState } from './state.js';
import { LIVES_OF_VERSION_1, type RecordedLife } from './version-1.fixture.js';

const RECORDED = [...LIVES_OF_VERSION_1.values()];

/** How each life that had not ended comes to its end when this release takes it over, and nothing fails any more. */
const ENDS: Readonly<Record<string, string>> = {
  'paused after a failed activation': 'succeeded',
  'paused after a failed contract': 'succeeded',
  'paused after a refused contract': 'succeeded',
  'in mid-expand, two hosts running': 'succeeded',
  'in mid-revert, one host running': 'reverted',
  'taken over in mid-confirm': 'succeeded',
  'activated anew after a pause by a person': 'succeeded',
  'in mid-contract, the canary switched': 'succeeded',
};

/** What happened while the old release ran, and a rehearsal of what comes when this one takes over. */
function takenOver({ entries }: RecordedLife, afterMs = 1_000): Rehearsal {
  const life = new Rehearsal();
  life.entries.splice(0, life.entries.length, ...(entries as Rehearsal['entries']));
  life.state = stateOf(entries);
  life.now = Date.parse(life.state.updatedAt) + afterMs;
  const batches = batchesOf(life.state.snapshot).map((_, batch) => batchScope(batch));
  for (const scope of ['coordinator' as const, ...batches]) life.takeOver(scope, 'of this release');
  if (life.state.paused) life.append({ type: 'rotation.resumed', by: 'person' });
  return life;
}

function stateOf(entries: RecordedLife['entries']): RotationState {
  const state = replay(entries);
  if (!state) throw new Error('every life has a journal');
  return state;
}

describe('F28 new code meets the journals of version 1', () => {
  it('has a life for each way to end, and for each place to be left in', () => {
    expect(new Set(RECORDED.map(({ status, phase }) => `${status} ${phase}`))).toEqual(
      new Set([
        ...['succeeded done', 'reverted done', 'refused done', 'cancelled done'],
        ...['paused activate', 'paused soak', 'running expand', 'running soak', 'running contract'],
      ]),
    );
    expect(RECORDED.flatMap(({ entries }) => entries).every(({ event }) => event.v === 1)).toBe(true);
  });

  it.each(RECORDED)('F28 $name: the same status, phase and hosts as the old code saw', (life) => {
    const state = stateOf(life.entries);
    expect({ status: statusOf(state), phase: state.phase, hosts: hostViews(state) }).toEqual({
      status: life.status,
      phase: life.phase,
      hosts: life.hosts,
    });
  });

  it.each(RECORDED)('F28 $name: audits clean', ({ entries }) => {
    expect(audit(entries)).toEqual([]);
  });

  it.each(RECORDED.filter(({ phase }) => phase !== 'done'))('F28 $name: is carried on to its end', (life) => {
    const carried = takenOver(life);
    expect(statusOf(carried.run())).toBe(ENDS[life.name]);
    expect(audit(carried.entries)).toEqual([]);
  });

  it('F28 leaves nothing running that ran under the lease of the old release', () => {
    const life = LIVES_OF_VERSION_1.get('in mid-expand, two hosts running');
    if (!life) throw new Error('it was recorded');
    const { effects } = takenOver(life).state;
    const lost = ['b', 'c'].map((host) => effects.get(`expand.1/host.commit/${host}`)?.status);
    expect(lost).toEqual(['interrupted', 'interrupted']);
  });

  it('F28 brings no host back to the overlap that was on its way to the new generation', () => {
    const life = LIVES_OF_VERSION_1.get('in mid-contract, the canary switched');
    if (!life) throw new Error('it was recorded');
    const carried = takenOver(life);
    carried.run();
    expect(carried.performed.filter((id) => id.includes('host.reconcile'))).toEqual([]);
  });

  it('F28 puts the fleet back when the hosts that the old release switched were left alone for too long', () => {
    const life = LIVES_OF_VERSION_1.get('in mid-expand, two hosts running');
    if (!life) throw new Error('it was recorded');
    const carried = takenOver(life, 600_000);
    expect(statusOf(carried.run())).toBe('reverted');
    expect(audit(carried.entries)).toEqual([]);
  });
});

describe('F28 a version that this release does not know', () => {
  const [life] = RECORDED;
  const entries = life?.entries ?? [];
  const unknown = entries.map((entry) => ({ ...entry, event: { ...entry.event, v: 7 } }));

  it('F28 is refused by name, from the first entry on', () => {
    expect(() => replay(unknown)).toThrow(IllegalEvent);
    expect(() => replay(unknown)).toThrow(/version 7 are unknown to this release; run the newer one/);
    expect(() => audit(unknown)).toThrow(/version 7/);
  });

  it('F28 is refused behind entries that are known, and nothing is lost of those', () => {
    const known = stateOf(entries.slice(0, 20));
    const [next] = unknown.slice(20);
    if (!next) throw new Error('there are more than 20 entries');
    expect(() => reduce(known, next)).toThrow(/version 7/);
    expect(known.sequence).toBe(20);
  });
});
