import { describe, expect, it } from 'vitest';
import { explain } from './explain.js';
import { Rehearsal } from './rehearsal.js';
import { hostViews, statusOf } from './status.js';
import { DEFAULT_TIMING } from './upcast.js';

const DRAINED = 'contract.1/host.drained/b';

describe('old workers that linger behind a contract', () => {
  it('are waited for, and shown on their host meanwhile', () => {
    const rehearsal = new Rehearsal(({ id }, attempt) =>
      id === DRAINED && attempt < 4 ? 'transient' : 'ok',
    );
    rehearsal.run((state) => state.effects.get(DRAINED)?.status === 'failed');
    expect(statusOf(rehearsal.state)).toBe('running');
    expect(explain(rehearsal.state)).toContain(`Draining: ${DRAINED} failed`);
    const shown = hostViews(rehearsal.state).map(({ reason }) => reason?.message ?? null);
    expect(shown).toEqual([null, `${DRAINED} failed`, null]);
    expect(statusOf(rehearsal.run())).toBe('succeeded');
    expect(explain(rehearsal.state)).not.toContain('Not waited for');
  });

  it('are waited for no longer than was agreed, and named in the end', () => {
    const rehearsal = new Rehearsal(({ id }) => (id === DRAINED ? 'transient' : 'ok'));
    rehearsal.run((state) => state.effects.get(DRAINED)?.status === 'failed');
    const since = rehearsal.now;
    expect(statusOf(rehearsal.run())).toBe('succeeded');
    const waited = rehearsal.now - since;
    expect(waited).toBeGreaterThan((DEFAULT_TIMING.drainMs ?? 0) - 1_000);
    expect(waited).toBeLessThan((DEFAULT_TIMING.drainMs ?? 0) + 1_000);
    expect(explain(rehearsal.state)).toMatch(
      /Not waited for longer than 600 s: contract\.1\/host\.drained\/b failed/,
    );
  });

  it('of an expand keep nobody waiting: both generations let the same clients in', () => {
    const rehearsal = new Rehearsal();
    rehearsal.run();
    const { performed } = rehearsal;
    expect(performed.filter((id) => id.startsWith('expand.1/host.drained'))).toEqual([]);
  });
});
