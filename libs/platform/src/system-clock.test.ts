import { expect, it } from 'vitest';
import { SystemClock } from './system-clock.js';

it('sleeps as long as asked, also longer than a timer lasts', async () => {
  const clock = new SystemClock();
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
