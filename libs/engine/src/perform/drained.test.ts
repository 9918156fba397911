import { expect, it } from 'vitest';
import { oldWorkers } from './drained.js';

it.each([
  ['drains, and is older than the switch', { draining: true, ageSeconds: 30 }, 10_000, true],
  ['drains, and may be older than the switch', { draining: true, ageSeconds: 9 }, 9_500, true],
  ['was started behind the switch', { draining: true, ageSeconds: 5 }, 10_000, false],
  ['accepts', { draining: false, ageSeconds: 30 }, 10_000, false],
])('a worker that %s', (_, worker, sinceMs, isOld) => {
  expect(oldWorkers([{ pid: 7, ...worker }], sinceMs)).toHaveLength(isOld ? 1 : 0);
});
