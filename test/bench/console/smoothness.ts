import type { CDPSession, Page } from 'playwright-core';

/** What the browser had to do for one stretch of time. */
export interface Smoothness {
  readonly seconds: number;
  readonly frames: number;
  /** Milliseconds from one frame to the next. */
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly worstMs: number;
  /** Tasks that kept the page from answering for over 50 ms (W3C Long Tasks): how many, and the longest. */
  readonly longTasks: number;
  readonly longestTaskMs: number;
  /** Of the time, how much the main thread was busy, from 0 to 1. */
  readonly busy: number;
  readonly nodes: number;
  readonly heapMiB: number;
}

interface Watch {
  readonly frames: number[];
  readonly tasks: number[];
}

const MIB = 1_048_576;

/** Watches the frames of a page. One at a time. */
export class FrameWatch {
  private busyAt = 0;
  private beganAt = 0;

  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {}

  static async of(page: Page): Promise<FrameWatch> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    return new FrameWatch(page, session);
  }

  async begin(): Promise<void> {
    // Text and not a function: the compiler of the tests knows no `window`.
    await this.page.evaluate(`(() => {
      const watch = { frames: [], tasks: [] };
      window.frameWatch = watch;
      new PerformanceObserver((list) => {
        if (window.frameWatch === watch) watch.tasks.push(...list.getEntries().map(({ duration }) => duration));
      }).observe({ type: 'longtask' });
      let last = performance.now();
      const note = (now) => {
        if (window.frameWatch !== watch) return;
        watch.frames.push(now - last);
        last = now;
        requestAnimationFrame(note);
      };
      requestAnimationFrame(note);
    })()`);
    this.busyAt = (await this.metrics()).TaskDuration ?? 0;
    this.beganAt = Date.now();
  }

  async end(): Promise<Smoothness> {
    const watch = (await this.page.evaluate(
      '(() => { const watch = window.frameWatch; window.frameWatch = null; return watch; })()',
    )) as Watch;
    const seconds = (Date.now() - this.beganAt) / 1_000;
    const metrics = await this.metrics();
    const frames = watch.frames.toSorted((one, other) => one - other);
    const at = (part: number) => frames[Math.min(frames.length - 1, Math.floor(frames.length * part))] ?? 0;
    return {
      ...{ seconds, frames: frames.length, medianMs: at(0.5), p95Ms: at(0.95), worstMs: at(1) },
      ...{ longTasks: watch.tasks.length, longestTaskMs: Math.max(0, ...watch.tasks) },
      busy: ((metrics.TaskDuration ?? 0) - this.busyAt) / seconds,
      nodes: metrics.Nodes ?? 0,
      heapMiB: (metrics.JSHeapUsedSize ?? 0) / MIB,
    };
  }

  private async metrics(): Promise<Readonly<Record<string, number>>> {
    const { metrics } = await this.session.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }
}

export function inWords(what: string, one: Smoothness): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  return [
    `${what}: ${one.frames} frames in ${one.seconds.toFixed(1)} s`,
    `median ${ms(one.medianMs)}, p95 ${ms(one.p95Ms)}, worst ${ms(one.worstMs)}`,
    `${one.longTasks} long tasks, the longest ${ms(one.longestTaskMs)}`,
    `main thread ${(one.busy * 100).toFixed(0)} % busy`,
    `${one.nodes} DOM nodes, heap ${one.heapMiB.toFixed(1)} MiB`,
  ].join('; ');
}
