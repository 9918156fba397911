import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../libs/simulation/src/random.js';

/** Milliseconds at the 0th, 25th, 50th, 75th, 95th and 100th percentile. */
export type Quantiles = readonly [number, number, number, number, number, number];
const AT = [0, 0.25, 0.5, 0.75, 0.95, 1] as const;

/** How long hosts take for a step. */
export class Latencies {
  constructor(
    private readonly steps: Readonly<Record<string, Quantiles>>,
    private readonly random: Random,
  ) {}

  /** Returns when as much time has passed as a host takes for the step. */
  async pass(step: string): Promise<void> {
    const milliseconds = this.draw(step);
    if (milliseconds > 0) await sleep(milliseconds);
  }

  /** Milliseconds: as often long and short as was measured, in a straight line between two quantiles. */
  draw(step: string): number {
    const quantiles = this.steps[step];
    if (quantiles === undefined) return 0;
    const place = this.random.next();
    const index = AT.findLastIndex((at) => at <= place);
    const [low = 0, high = low] = quantiles.slice(index, index + 2);
    const [from = 0, to = 1] = AT.slice(index, index + 2);
    return low + ((high - low) * (place - from)) / (to - from);
  }
}
