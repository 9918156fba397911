import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OneHost } from '../../fleet/one-host.js';
import { pretendClock } from './pretended-clock.js';

const DAY_SECONDS = 86_400;
const DEADLINE_MS = 4_000;
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

const leftMs = async () => (await one.transaction())?.armedForMs ?? 0;

describe('the wall clock of a host jumps while it is armed', () => {
  it('F52: a day ahead: it waits as long as it was told to, and then goes back', async () => {
    await one.stage();
    await one.commit(one.token(), DEADLINE_MS);
    clock.shift(DAY_SECONDS);
    await one.expectSwitched();
    expect(await leftMs()).toBeGreaterThan(0);
    await one.untilStep('returned');
  });

  it('F52: a day back: it goes back all the same', async () => {
    await one.stage();
    await one.commit(one.token(), DEADLINE_MS);
    clock.shift(-DAY_SECONDS);
    expect(await leftMs()).toBeLessThanOrEqual(DEADLINE_MS);
    await one.untilStep('returned');
  });

  it('F52: its vote stands and runs out as if nothing had happened', async () => {
    await one.stage(one.token(), DEADLINE_MS);
    clock.shift(DAY_SECONDS);
    expect(await one.transaction()).toMatchObject({ step: 'staged' });
    clock.shift(-DAY_SECONDS);
    await one.untilStep('discarded');
  });
});
