import { describe, expect, it } from 'vitest';
import { audit } from './audit.js';
import { isRefreshing } from './refresh.js';
import { refreshLife } from './refreshes.fixture.js';
import { type Answer, Rehearsal } from './rehearsal.js';
import { hostViews, isSwitching, statusOf } from './status.js';

/** The only host of the first wave dies in the soak, and a person gives it up. */
function withoutCanary(then: Answer): Rehearsal {
  const life = refreshLife({
    answer: (effect, attempt) =>
      effect.id.startsWith('refresh.1/host.stage/a') ? 'fails' : then(effect, attempt),
  });
  life.run((state) => state.decisions.has('outcome/refresh.1') && !isRefreshing(state));
  life.append({ type: 'host.decommissioned', hostId: 'a', by: 'person', because: 'it burnt down' });
  return life;
}

const failing =
  (fragment: string): Answer =>
  ({ id }) =>
    id.includes(fragment) ? 'fails' : 'ok';

const serving = (life: Rehearsal) => hostViews(life.state).map((view) => view.serving);

describe('a fleet whose first wave was given up', () => {
  it('goes back where a refresh of the second one fails', () => {
    const life = withoutCanary(failing('refresh.2/host.prove/c'));
    const state = life.run(({ decisions }) => decisions.has('outcome/refresh.2'));
    expect(state.decisions.get('outcome/refresh.2')?.decision.kind).toBe('revert');
    life.run((one) => !isRefreshing(one));
    expect(serving(life)).toEqual(Array(3).fill('overlap'));
    expect(life.run().ended?.status).toBe('succeeded');
    expect(audit(life.entries)).toEqual([]);
  });

  it('goes back where its contract fails, and is tried again', () => {
    const life = withoutCanary(failing('contract.1/host.prove/c'));
    const switching = life.run(({ decisions }) => decisions.has('go/contract.1/1'));
    expect(isSwitching(switching)).toBe(true);
    expect(statusOf(life.run(({ paused }) => paused !== null))).toBe('paused');
    expect(serving(life)).toEqual(Array(3).fill('overlap'));
    life.append({ type: 'rotation.resumed', by: 'person' });
    expect(life.run().ended?.status).toBe('succeeded');
    expect(audit(life.entries)).toEqual([]);
  });
});

describe('votes that expired between the decision to contract and the first wave', () => {
  it('and are not given again lead back to the soak, where a person is waited for', () => {
    const life = new Rehearsal(({ id }, attempt) =>
      id === 'contract.1/host.stage/a' && attempt > 1 ? 'fails' : 'ok',
    );
    life.run(({ decisions }) => decisions.has('contract.1'));
    life.now += life.state.snapshot.timing.voteMs;
    const paused = life.run();
    expect([paused.phase, statusOf(paused)]).toEqual(['soak', 'paused']);
    expect(paused.decisions.get('outcome/contract.1')?.decision.kind).toBe('refuse');
    expect(life.performed).toContain('contract.1/host.discard/a');
    life.append({ type: 'rotation.resumed', by: 'person' });
    expect(life.run().ended?.status).toBe('succeeded');
    expect(audit(life.entries)).toEqual([]);
  });
});
