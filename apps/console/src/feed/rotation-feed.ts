import type { RotationState } from '#rotation';
import { pause, waitAfter } from './backoff.js';
import { type JournalEntry, JournalFold, type PhaseBegun } from './journal-fold.js';
import { type JournalStream, readJournal, type StreamEnd } from './journal-stream.js';

/** How the page hears of the rotation. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** What is shown is from `since`, in milliseconds since the epoch. */
  | { readonly kind: 'reconnecting'; readonly since: number; readonly why: string }
  | { readonly kind: 'ended' }
  | { readonly kind: 'refused'; readonly status: number; readonly why: string }
  /** The journal has something that this page does not understand. */
  | { readonly kind: 'unreadable'; readonly why: string };

export interface FeedView {
  readonly connection: Connection;
  readonly state: RotationState | null;
  /** The journal so far. It grows in place: `count` of them belong to this view. */
  readonly entries: readonly JournalEntry[];
  readonly count: number;
  readonly phases: readonly PhaseBegun[];
}

/** Entries that are folded at a time before the clock is looked at. */
const PIECE = 8;
/** What of a frame may be spent on entries, in milliseconds: the rest is for drawing (16 ms at 60 Hz). */
const BUDGET_MS = 6;
/** How often what is shown changes while entries come, in milliseconds: people read no faster. */
const SHOW_EVERY_MS = 200;
/** More waiting than this is a journal that is read from its beginning: that is over sooner with less drawn between. */
const FAR_BEHIND = 400;
const BUDGET_FAR_BEHIND_MS = 16;
const SHOW_FAR_BEHIND_MS = 1_000;
/** Nothing more is read while so many wait. */
const MOST_WAITING = 800;

/** Follows the journal of one rotation, and folds it a little in each frame, however fast it comes. */
export class RotationFeed {
  private readonly fold = new JournalFold();
  private readonly listeners = new Set<() => void>();
  /** Entries that came and are not folded yet, as JSON. */
  private waiting: string[] = [];
  private onReady: (() => void) | null = null;
  private running: AbortController | null = null;
  private frame: number | null = null;
  private shownAt = 0;
  private view: FeedView;

  constructor(
    private readonly url: string,
    private readonly send: JournalStream['send'],
  ) {
    this.view = this.look({ kind: 'connecting' });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): FeedView => this.view;

  /** The rotation as it was after the entry with this sequence. */
  at(sequence: number): RotationState | null {
    return this.fold.at(sequence);
  }

  /** Follows until the rotation ends or `stop` is called. May be started again. */
  start(): void {
    this.running?.abort();
    this.running = new AbortController();
    void this.follow(this.running.signal);
  }

  stop(): void {
    this.running?.abort();
    this.running = null;
    this.letIn();
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
  }

  private async follow(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const after = this.folded();
      if (this.view.connection.kind === 'unreadable') return;
      if (this.fold.state?.ended) return this.show({ kind: 'ended' });
      const end = await readJournal({
        ...{ url: this.url, send: this.send, signal, after },
        onOpen: () => {
          failures = 0;
          this.show({ kind: 'live' });
        },
        onEntry: (data) => this.take(data),
        whenReady: () => this.whenReady(),
      });
      if (signal.aborted) return;
      failures = end.kind === 'lost' ? failures + 1 : 0;
      if (!this.goesOn(end)) return;
      await pause(waitAfter(end, failures, Math.random()), signal);
    }
  }

  /** What was received and not folded is folded first, so that nothing is asked for twice. */
  private folded(): number {
    while (this.waiting.length > 0 && this.foldPiece());
    return this.fold.entries.length;
  }

  private goesOn(end: StreamEnd): boolean {
    if (this.view.connection.kind === 'unreadable') return false;
    if (end.kind === 'over') this.show({ kind: 'ended' });
    if (end.kind === 'refused') this.show({ kind: 'refused', status: end.status, why: end.why });
    if (end.kind === 'lost' && this.view.connection.kind !== 'reconnecting') {
      this.show({ kind: 'reconnecting', since: Date.now(), why: end.why });
    }
    return end.kind === 'closed' || end.kind === 'lost';
  }

  private take(data: string): void {
    if (this.view.connection.kind === 'unreadable') return;
    this.waiting.push(data);
    this.schedule();
  }

  private async whenReady(): Promise<void> {
    if (this.waiting.length < MOST_WAITING) return;
    await new Promise<void>((resolve) => {
      this.onReady = resolve;
    });
  }

  private letIn(): void {
    this.onReady?.();
    this.onReady = null;
  }

  /** A page that nobody sees gets no frames: it is folded when they come back, or before the next connection. */
  private schedule(): void {
    this.frame ??= requestAnimationFrame(() => this.work());
  }

  private work(): void {
    this.frame = null;
    const began = performance.now();
    const far = this.waiting.length > FAR_BEHIND;
    const until = began + (far ? BUDGET_FAR_BEHIND_MS : BUDGET_MS);
    while (this.waiting.length > 0 && this.foldPiece() && performance.now() < until);
    if (began - this.shownAt >= (far ? SHOW_FAR_BEHIND_MS : SHOW_EVERY_MS)) this.show(this.view.connection);
    if (this.waiting.length < FAR_BEHIND) this.letIn();
    if (this.waiting.length > 0 || this.isStale()) this.schedule();
  }

  private isStale(): boolean {
    return this.view.count < this.fold.entries.length;
  }

  /** False when it cannot go on. */
  private foldPiece(): boolean {
    const piece = this.waiting.splice(0, PIECE);
    try {
      this.fold.append(piece.map((data) => JSON.parse(data) as JournalEntry));
      return true;
    } catch (error) {
      this.waiting = [];
      // What follows would be folded onto what was not understood.
      this.running?.abort();
      this.letIn();
      this.show({ kind: 'unreadable', why: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }

  private show(connection: Connection): void {
    this.shownAt = performance.now();
    const ended = this.fold.state?.ended ? ({ kind: 'ended' } as const) : null;
    const isFinal = connection.kind === 'unreadable' || connection.kind === 'refused';
    this.view = this.look(isFinal ? connection : (ended ?? connection));
    for (const listener of this.listeners) listener();
  }

  private look(connection: Connection): FeedView {
    const { state, entries, phases } = this.fold;
    return { connection, state, entries, count: entries.length, phases: [...phases] };
  }
}
