interface Planned {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** Lets everything that waits for nothing but other code of ours come to its end. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The one true time of a simulated world, in milliseconds since the Unix epoch. It jumps from event to event. */
export class VirtualTime {
  private readonly heap: Planned[] = [];
  private order = 0;
  events = 0;

  constructor(private moment: number) {}

  now(): number {
    return this.moment;
  }

  /** Returns what takes it back. */
  after(milliseconds: number, run: () => void): () => void {
    this.order += 1;
    const planned = {
      at: this.moment + Math.max(0, milliseconds),
      order: this.order,
      run,
      cancelled: false,
    };
    this.push(planned);
    return () => {
      planned.cancelled = true;
    };
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** Runs events in order until `done` holds, `limit` has come, `most` events ran, or nothing is planned any more. */
  async run(done: () => boolean, limit: number, most: number): Promise<void> {
    await settle();
    while (!done() && this.events < most) {
      const next = this.pop();
      if (!next) return;
      if (next.at > limit) return this.push(next);
      if (next.cancelled) continue;
      this.moment = next.at;
      this.events += 1;
      next.run();
      await settle();
    }
  }

  private push(planned: Planned): void {
    let index = this.heap.push(planned) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.before(index, parent)) return;
      this.swap(index, parent);
      index = parent;
    }
  }

  private pop(): Planned | undefined {
    const [first] = this.heap;
    const last = this.heap.pop();
    if (first && last && this.heap.length > 0) {
      this.heap[0] = last;
      this.sink();
    }
    return first;
  }

  private sink(): void {
    for (let index = 0; ; ) {
      const left = 2 * index + 1;
      let least = index;
      if (left < this.heap.length && this.before(left, least)) least = left;
      if (left + 1 < this.heap.length && this.before(left + 1, least)) least = left + 1;
      if (least === index) return;
      this.swap(index, least);
      index = least;
    }
  }

  private before(one: number, other: number): boolean {
    const a = this.heap[one];
    const b = this.heap[other];
    if (!a || !b) return false;
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  private swap(one: number, other: number): void {
    const a = this.heap[one];
    const b = this.heap[other];
    if (!a || !b) return;
    this.heap[one] = b;
    this.heap[other] = a;
  }
}
