import { describe, expect, it } from 'vitest';
import type { Clock } from '../ports/clock.js';
import { StartingLine } from './starting-line.js';

/** Whoever sleeps is woken by the test. */
class WokenClock implements Clock {
  readonly wakes: (() => void)[] = [];

  now(): number {
    return 0;
  }

  monotonic(): number {
    return 0;
  }

  sleep(_: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.wakes.push(resolve);
      signal?.addEventListener('abort', () => resolve());
    });
  }
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function line(places: number) {
  const clock = new WokenClock();
  const all = new StartingLine(clock);
  const started: number[] = [];
  const begun = Array.from({ length: places }, () => all.place());
  const stand = (place: number) => void begun[place]?.stand().then(() => started.push(place));
  return { clock, all, started, begun, stand };
}

describe('the hosts of a wave', () => {
  it('begin together, when the last of them is ready', async () => {
    const { started, stand } = line(3);
    stand(0);
    stand(2);
    await settled();
    expect(started).toEqual([]);
    stand(1);
    await settled();
    expect(started).toEqual([0, 2, 1]);
  });

  it('do not wait for one that cannot come, nor twice for one that came and left', async () => {
    const { started, begun, stand } = line(3);
    stand(0);
    begun[1]?.leave();
    begun[1]?.leave();
    await settled();
    expect(started).toEqual([]);
    stand(2);
    await settled();
    expect(started).toEqual([0, 2]);
    begun[0]?.leave();
    begun[2]?.leave();
    expect(started).toEqual([0, 2]);
  });

  it('wait for a second and no longer, and those that come later begin by themselves', async () => {
    const { clock, started, stand } = line(3);
    stand(0);
    stand(1);
    await settled();
    clock.wakes[0]?.();
    await settled();
    expect(started).toEqual([0, 1]);
    stand(2);
    await settled();
    expect(started).toEqual([0, 1, 2]);
  });

  it('of the next wave wait for each other anew', async () => {
    const { all, started, stand } = line(1);
    stand(0);
    await settled();
    expect(started).toEqual([0]);
    const [first, second] = [all.place(), all.place()];
    let begun = false;
    void first.stand().then(() => {
      begun = true;
    });
    await settled();
    expect(begun).toBe(false);
    second.leave();
    await settled();
    expect(begun).toBe(true);
  });
});
