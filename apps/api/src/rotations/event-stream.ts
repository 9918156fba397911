import { once } from 'node:events';
import { setImmediate as turnOfOthers } from 'node:timers/promises';
import type { Response } from 'express';
import type { Journal, JournalEntry } from '#engine';
import { redact } from '#platform';
import { JournalWatch } from './journal-watch.js';

const HEARTBEAT_MS = 15_000;
/** Entries that are in memory at once for one client. */
const PAGE = 500;
/** Entries that are written at once: some milliseconds. */
const SOME = 50;
/** Nobody sees the difference. */
const GATHER_MS = 50;
/** Levels beyond those of a log line: whoever folds the journal needs all of an entry. */
const DEEPER = 6;

/** An entry of a journal as it is shown: whole, without secrets. */
export function shownEntry(entry: object): unknown {
  return redact(entry, -DEEPER);
}

/** The journal of one rotation, written to one client as server-sent events, until it ends or the client goes. */
export class EventStream {
  private readonly watch = new JournalWatch(GATHER_MS);

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
        await this.write(entries);
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

  /** Some at once, and others have their turn in between: a whole page takes tens of milliseconds. */
  private async write(entries: readonly JournalEntry[]): Promise<void> {
    for (let from = 0; from < entries.length && !this.watch.isOver; from += SOME) {
      if (from > 0) await turnOfOthers();
      await this.send(
        entries
          .slice(from, from + SOME)
          .map(messageOf)
          .join(''),
      );
    }
  }

  /** Waits for slow clients: what they have not read stays in the journal, not in our memory. */
  private async send(text: string): Promise<void> {
    if (this.watch.isOver || this.response.write(text)) return;
    // Aborted while it waited: the client is gone.
    await once(this.response, 'drain', { signal: this.watch.signal }).catch(() => undefined);
  }
}

function messageOf(entry: JournalEntry): string {
  const { sequence, event } = entry;
  return `id: ${sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(shownEntry(entry))}\n\n`;
}
