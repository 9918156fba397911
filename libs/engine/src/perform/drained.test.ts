import { describe, expect, it } from 'vitest';
import type { EffectRecord } from '#rotation';
import { leftNone, oldWorkers } from './drained.js';

const record = (result: object, status = 'done', attempts = 1) =>
  ({ status, result, attempts }) as EffectRecord;
const RELOADED = { reloaded: true, draining: [] };

describe('workers of before', () => {
  it.each([
    ['drains, and is older than the switch', { draining: true, ageSeconds: 30 }, 10_000, true],
    ['drains, and may be older than the switch', { draining: true, ageSeconds: 9 }, 9_500, true],
    ['was started behind the switch', { draining: true, ageSeconds: 5 }, 10_000, false],
    ['accepts', { draining: false, ageSeconds: 30 }, 10_000, false],
  ])('a worker that %s', (_, worker, sinceMs, isOld) => {
    expect(oldWorkers([{ pid: 7, ...worker }], sinceMs)).toHaveLength(isOld ? 1 : 0);
  });

  it.each([
    ['whose reload left none', record(RELOADED), { reapplied: false }, true],
    ['whose reload left one', record({ ...RELOADED, draining: [7] }), { reapplied: false }, false],
    ['that was not reloaded', record({ ...RELOADED, reloaded: false }), { reapplied: false }, false],
    ['that was switched anew by its confirm', record(RELOADED), { reapplied: true }, false],
    ['of an earlier release', record({ reloaded: true }), { reapplied: false }, false],
    ['that is being switched', record(RELOADED, 'running'), { reapplied: false }, false],
    ['that was switched by its confirm alone', undefined, { reapplied: false }, false],
    ['whose confirm does not say', record(RELOADED), {}, false],
  ])('a host %s is known to have no worker of before: %#', (_, commit, confirm, known) => {
    expect(leftNone(commit, record(confirm))).toBe(known);
  });

  it('are asked for where the confirm was tried before: it may have switched the host anew', () => {
    expect(leftNone(record(RELOADED), record({ reapplied: false }, 'done', 2))).toBe(false);
  });
});
