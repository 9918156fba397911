import { once } from 'node:events';
import type { Response } from 'express';
import type { Journal, JournalEntry } from '#engine';
import { redact } from '#platform';
import { JournalWatch } from './journal-watch.js';

const HEARTBEAT_MS = 15_000;
/** Entries that are in memory at once for one client. */
const PAGE = 500;
/** Levels beyond those of a log line: whoever folds the journal needs all of an entry. */
const DEEPER = 6;

/** An entry of a journal as it is shown: whole, without secrets. */
export function shownEntry(entry: object): unknown {
  return redact(entry, -DEEPER);
}

/** The journal of one rotation, written to one client as server-sent events, until it ends or the client goes. */
export class EventStream {
  private readonly watch = new JournalWatch();

  constructor(
    private readonly journal: Journal,
    private readonly rotationId: string,
    private readonly response: Response,
  ) {}

  /** Writes every entry after `sequence`, as they come. Returns when the stream is over. */
  async run(sequence: number): Promise<void> {
    this.response.once('close', () => this.end());
    if (this.response.closed) this.end();
    const forget = await this.journal.onAppend(this.rotationId, () => this.watch.hint());
    try {
      // Read before the first byte: while the database is away the reply is still a problem.
      let entries = await this.journal.read(this.rotationId, sequence, PAGE);
      this.open();
      for (
        let last = sequence;
        !this.watch.isOver;
        entries = await this.journal.read(this.rotationId, last, PAGE)
      ) {
        for (const entry of entries) await this.write(entry);
        last = entries.at(-1)?.sequence ?? last;
        if (entries.at(-1)?.event.type === 'rotation.ended') break;
        if (entries.length < PAGE) await this.watch.next();
      }
    } finally {
      await forget();
    }
    this.response.end();
  }

  /** Ends the stream at once; the client comes back with the last id that it has. */
  end(): void {
    this.watch.end();
  }

  private open(): void {
    if (this.response.closed) return;
    this.response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      // A server that stops would wait for a connection that is kept for more.
      Connection: 'close',
      // nginx would hold events back until its buffer is full.
      'X-Accel-Buffering': 'no',
    });
    this.response.flushHeaders();
    // Ended before it began: an EventSource comes back after an empty stream, and after nothing else.
    if (this.watch.isOver) return;
    const heartbeat = setInterval(() => this.response.write(': still here\n\n'), HEARTBEAT_MS);
    this.watch.signal.addEventListener('abort', () => clearInterval(heartbeat));
  }

  /** Waits for slow clients: what they have not read stays in the journal, not in our memory. */
  private async write(entry: JournalEntry): Promise<void> {
    if (this.watch.isOver) return;
    const { sequence, event } = entry;
    const text = `id: ${sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(shownEntry(entry))}\n\n`;
    if (this.response.write(text)) return;
    // Aborted while it waited: the client is gone.
    await once(this.response, 'drain', { signal: this.watch.signal }).catch(() => undefined);
  }
}
