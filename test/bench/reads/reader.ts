import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchApi } from '../bench-api.js';
import { say } from '../figures.js';

const PAUSE_MS = 5;
/** Nothing is read for it, so its time is that of whatever it had to wait for. */
const SMALL = '/livez';

/** Reads one thing at a time, and something small all the while, which tells how long others wait for it. */
export class Reader {
  constructor(private readonly api: BenchApi) {}

  /** Says how long it took; `before` comes before each time, and is not counted. */
  async measure(name: string, times: number, path: string, before = async () => {}): Promise<void> {
    const took: number[] = [];
    const others: number[] = [];
    let bytes = 0;
    for (let time = 0; time < times; time += 1) {
      await before();
      const stop = new AbortController();
      const beside = this.beside(others, stop.signal);
      const begun = performance.now();
      bytes = await this.api.read(path);
      took.push(performance.now() - begun);
      stop.abort();
      await beside;
    }
    const sorted = took.toSorted((a, b) => a - b);
    const at = (place: number) => (sorted[Math.floor(place * (sorted.length - 1))] ?? 0).toFixed(1);
    say(
      `  ${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, at most ${at(1)} ms, ${Math.round(bytes / 1024)} KB; ` +
        `others waited ${Math.max(0, ...others).toFixed(1)} ms at most`,
    );
  }

  private async beside(others: number[], signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const begun = performance.now();
      await this.api.read(SMALL);
      others.push(performance.now() - begun);
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
