const SECOND_MS = 1_000;

export interface FeedFigures {
  readonly events: number;
  readonly bytes: number;
  /** In the second with the most of them. */
  readonly mostEventsASecond: number;
  readonly mostBytesASecond: number;
}

/** One client of the events of a rotation, as the console is, counting what comes. */
export class Feed {
  private events = 0;
  private bytes = 0;
  private mostEvents = 0;
  private mostBytes = 0;
  private second = { events: 0, bytes: 0 };
  private readonly client = new AbortController();
  private readonly timer = setInterval(() => this.tick(), SECOND_MS);
  private readonly run: Promise<void>;

  constructor(url: string, key: string) {
    this.run = this.read(url, key);
  }

  async stop(): Promise<FeedFigures> {
    clearInterval(this.timer);
    this.tick();
    this.client.abort();
    await this.run;
    const { events, bytes, mostEvents: mostEventsASecond, mostBytes: mostBytesASecond } = this;
    return { events, bytes, mostEventsASecond, mostBytesASecond };
  }

  private async read(url: string, key: string): Promise<void> {
    try {
      const reply = await fetch(url, {
        headers: { Authorization: `Bearer ${key}` },
        signal: this.client.signal,
      });
      for await (const chunk of reply.body ?? []) this.count(Buffer.from(chunk));
    } catch (error) {
      if (!this.client.signal.aborted) throw error;
    }
  }

  private count(chunk: Buffer): void {
    // Every event has an id of its own line; a line that two chunks share is one either way.
    const events = chunk.toString('latin1').split('\nid: ').length - 1;
    this.events += events;
    this.bytes += chunk.length;
    this.second = { events: this.second.events + events, bytes: this.second.bytes + chunk.length };
  }

  private tick(): void {
    this.mostEvents = Math.max(this.mostEvents, this.second.events);
    this.mostBytes = Math.max(this.mostBytes, this.second.bytes);
    this.second = { events: 0, bytes: 0 };
  }
}
