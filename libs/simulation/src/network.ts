import type { Random } from './random.js';
import type { SimProcess } from './sim-process.js';
import type { VirtualTime } from './virtual-time.js';

/** How a path between a worker and something else is now. */
export interface Path {
  /** Milliseconds one way, least and most. */
  latency: readonly [number, number];
  /** Nothing gets through, in either direction, and nobody is told (half-open). */
  cut: boolean;
  /** Requests arrive, replies do not. */
  deaf: boolean;
  /** One message of so many is lost. */
  loss: number;
}

export interface Question<T> {
  /** What is asked, such as `host-1 commit`: the name of its boundaries. */
  readonly label: string;
  /** The path's name, such as `host-1`, `database`, `ca`, `queue`. */
  readonly to: string;
  readonly timeoutMs: number;
  /** What the caller sees when no answer came. */
  readonly onTimeout: () => Error;
  /** Does it, at the other end. Never settling means: it died there. */
  readonly answer: () => T | Promise<T>;
}

/** Called before a message leaves a process and after its answer came: where a process may crash. */
export type Boundary = (process: SimProcess, label: string) => void;

/** Carries questions and answers late, out of order, or not at all. */
export class Network {
  private readonly paths = new Map<string, Path>();
  /** Of everything that was asked, in order: the trace of a run. */
  onBoundary: Boundary = () => undefined;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: Random,
  ) {}

  /** The path between a process and what it asks; `*` as the process stands for all of them. */
  path(process: string, to: string): Path {
    const key = `${process}>${to}`;
    const path = this.paths.get(key) ?? { latency: [1, 10], cut: false, deaf: false, loss: 0 };
    this.paths.set(key, path);
    return path;
  }

  ask<T>(process: SimProcess, question: Question<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.onBoundary(process, `${question.label} asked`);
      if (!process.alive) return;
      let settled = false;
      const settle = (finish: () => void) => {
        process.deliver(() => {
          if (settled) return;
          settled = true;
          giveUp();
          finish();
          this.onBoundary(process, `${question.label} answered`);
        });
      };
      const giveUp = this.time.after(question.timeoutMs, () => settle(() => reject(question.onTimeout())));
      this.send(process, question.to, 'request', () => {
        this.answer(question).then(
          (value) => this.send(process, question.to, 'reply', () => settle(() => resolve(value))),
          (error: unknown) => this.send(process, question.to, 'reply', () => settle(() => reject(error))),
        );
      });
    });
  }

  private async answer<T>({ answer }: Question<T>): Promise<T> {
    return answer();
  }

  private send(process: SimProcess, to: string, way: 'request' | 'reply', arrive: () => void): void {
    const [own, all] = [this.path(process.name, to), this.path('*', to)];
    const [least, most] = all.latency[1] > own.latency[1] ? all.latency : own.latency;
    const delay = this.random.between(least, most);
    if (this.random.chance(Math.max(own.loss, all.loss))) return;
    this.time.after(delay, () => {
      if (own.cut || all.cut) return;
      if (way === 'reply' && (own.deaf || all.deaf)) return;
      arrive();
    });
  }
}
