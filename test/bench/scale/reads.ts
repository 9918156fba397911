import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchApi } from '../bench-api.js';

/** One kind of request, asked again and again. */
export interface Read {
  readonly name: string;
  readonly path: string;
}

export interface ReadFigures {
  readonly name: string;
  readonly count: number;
  /** Milliseconds from the request to the last byte of the reply. */
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  /** Of the last reply. */
  readonly bytes: number;
}

/** Asks for each in turn, so many times a second in all, whatever becomes of those before. */
export class Reads {
  private readonly took: ReadonlyMap<string, number[]>;
  private readonly bytes = new Map<string, number>();
  private readonly open = new Set<Promise<void>>();
  private readonly over = new AbortController();
  private readonly run: Promise<void>;

  constructor(
    private readonly api: BenchApi,
    private readonly reads: readonly Read[],
    private readonly perSecond: number,
  ) {
    this.took = new Map(reads.map(({ name }) => [name, []]));
    this.run = this.ask();
  }

  async stop(): Promise<readonly ReadFigures[]> {
    this.over.abort();
    await this.run;
    await Promise.all(this.open);
    return this.reads.map(({ name }) => {
      const sorted = (this.took.get(name) ?? []).toSorted((a, b) => a - b);
      const at = (place: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(place * sorted.length))] ?? 0;
      const bytes = this.bytes.get(name) ?? 0;
      return { name, count: sorted.length, p50: at(0.5), p99: at(0.99), most: at(1), bytes };
    });
  }

  private async ask(): Promise<void> {
    for (let turn = 0; !this.over.signal.aborted; turn += 1) {
      const read = this.reads[turn % this.reads.length];
      if (read === undefined) return;
      const asked = this.one(read).finally(() => this.open.delete(asked));
      this.open.add(asked);
      await sleep(1_000 / this.perSecond, undefined, { signal: this.over.signal }).catch(() => undefined);
    }
  }

  private async one({ name, path }: Read): Promise<void> {
    const begun = performance.now();
    const bytes = await this.api.read(path);
    this.took.get(name)?.push(performance.now() - begun);
    this.bytes.set(name, bytes);
  }
}
