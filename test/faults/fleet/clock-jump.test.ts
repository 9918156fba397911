import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { LONG_MS, OneHost } from '../../fleet/one-host.js';
import { pretendClock } from './pretended-clock.js';

const A_DAY = 86_400;
const SOON_MS = 2_000;

let one: OneHost;
let clock: ReturnType<typeof pretendClock>;

beforeAll(async () => {
  one = await OneHost.boot();
  clock = pretendClock(one.host);
});

beforeEach(() => one.begin());

afterEach(async () => {
  clock.shift(0);
  await one.revert();
  await one.expectBack();
});

afterAll(() => one?.stop());

/** How far the host's clock is from ours, in days. */
async function daysAhead(): Promise<number> {
  const { clock: theirs } = await one.gateway.observe(one.target());
  return Math.round((Date.parse(theirs) - Date.now()) / (A_DAY * 1000));
}

/** Waits until whoever would put the host back has looked again, at least twice. */
async function untilLookedTwice(): Promise<void> {
  const [watcher] = one.watchers();
  const seen = new Set<string>();
  const naps = () => {
    const nap = one.host.exec(`pgrep -P ${watcher} sleep || true`).trim();
    if (nap !== '') seen.add(nap);
    return seen.size;
  };
  await expect.poll(naps, { timeout: 30_000, interval: 100 }).toBeGreaterThanOrEqual(3);
}

it('F52: the clock jumps a day ahead while the host is armed: it goes on waiting', async () => {
  await one.stage();
  await one.commit();
  clock.shift(A_DAY);
  expect(await daysAhead()).toBe(1);
  await untilLookedTwice();
  await one.expectSwitched();
  const { step, armedForMs } = (await one.transaction()) ?? {};
  expect(step).toBe('committed');
  expect(armedForMs).toBeLessThanOrEqual(LONG_MS);
  expect(armedForMs).toBeGreaterThan(LONG_MS / 2);
});

it('F52: the clock jumps a day ahead behind the vote: it stands, and the host may be switched', async () => {
  await one.stage();
  clock.shift(A_DAY);
  await untilLookedTwice();
  await one.commit();
  await one.expectSwitched();
});

it('F52: the clock jumps a day back while the host is armed: it still goes back at its deadline', async () => {
  await one.stage();
  await one.commit(one.token(), SOON_MS);
  clock.shift(-A_DAY);
  expect(await daysAhead()).toBe(-1);
  await one.untilStep('returned');
  await one.expectBack();
});
