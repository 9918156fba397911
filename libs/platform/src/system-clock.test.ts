import { expect, it } from 'vitest';
import { SystemClock } from './system-clock.js';

const clock = new SystemClock();

it('sleeps as long as asked, also longer than a timer lasts', async () => {
  const before = clock.now();
  await clock.sleep(30);
  expect(clock.now() - before).toBeGreaterThanOrEqual(28);
  let awake = false;
  void clock.sleep(2 ** 31 + 60_000).then(() => {
    awake = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(awake).toBe(false);
});

it('wakes up without an error when it is called off, before or while it sleeps', async () => {
  const calledOff = new AbortController();
  const asleep = clock.sleep(2 ** 40, calledOff.signal);
  calledOff.abort(new Error('not wanted any more'));
  await expect(asleep).resolves.toBeUndefined();
  await expect(clock.sleep(2 ** 40, calledOff.signal)).resolves.toBeUndefined();
});

it('has a clock that never goes back', () => {
  const readings = Array.from({ length: 1000 }, () => clock.monotonic());
  expect([...readings].sort((a, b) => a - b)).toEqual(readings);
});
