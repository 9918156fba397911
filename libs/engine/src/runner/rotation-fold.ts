import {
  type Action,
  Auditor,
  plan,
  type ReducibleEntry,
  type RotationEvent,
  type RotationState,
  reduceAll,
  type Violation,
} from '#rotation';
import type { Clock } from '../ports/clock.js';
import type { Journal, JournalEntry } from '../ports/journal.js';
import { isSameEntry } from '../same-entry.js';
import type { JournalClock } from './journal-clock.js';

/** A look at a large fleet takes its time; so many times as long passes between two. */
const PAUSE_FACTOR = 10;
/** However long the look took: a process that was stopped in the middle of one must not stand still for ten times as long. */
const LONGEST_PAUSE_MS = 2_000;
/** Entries that are in memory at once as they were written: a large fleet has more than a hundred thousand. */
const PAGE = 1_000;

/** A rotation at one moment, and what is to be done next. */
export interface Look {
  readonly state: RotationState;
  readonly actions: readonly Action[];
}

/**
 * The journal of one rotation as one process follows it: read, folded and planned once for all scopes of it that the
 * process holds, however many they are. What those write goes in turn, so that they never overtake each other.
 */
export class RotationFold {
  private folded: RotationState | null = null;
  private last: JournalEntry | null = null;
  private auditor = new Auditor();
  private turn: Promise<unknown> = Promise.resolve();
  private reading: Promise<void> | null = null;
  /** The look that is asked for and has not begun, and the end of the one before it. */
  private looking: Promise<Look | null> | null = null;
  private looked: Promise<unknown> = Promise.resolve();
  private nextLookAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly journal: Pick<Journal, 'read'>,
    private readonly rotationId: string,
    private readonly clock: Clock,
    private readonly journalClock: JournalClock,
  ) {}

  /** Null until the first {@link catchUp} found a journal. */
  get state(): RotationState | null {
    return this.folded;
  }

  /** Reads what others wrote until now. Throws IllegalEvent for a journal that this release cannot follow. */
  catchUp(): Promise<void> {
    this.reading ??= this.inTurn(() => {
      // Whoever asks from here on may want what is not read now.
      this.reading = null;
      return this.readOn();
    });
    return this.reading;
  }

  /** What is to be done, by a journal that is at least as new as this call. Null where there is none. */
  look(): Promise<Look | null> {
    this.looking ??= this.looked.then(() => this.nextLook());
    return this.looking;
  }

  private async nextLook(): Promise<Look | null> {
    await this.pause();
    // Whoever asks from here on may want what is not read now, and waits for the look behind this one.
    this.looking = null;
    const look = this.lookNow();
    this.looked = look.catch(() => undefined);
    return look;
  }

  /** Runs `work` when everything that was begun before it has come to its end. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.turn.then(work);
    this.turn = next.catch(() => undefined);
    return next;
  }

  /**
   * Within a turn. The last entry is read once more with each page: where it is another one by now, everything is read
   * anew.
   */
  async readOn(): Promise<void> {
    for (;;) {
      const { last } = this;
      let entries = await this.page(last === null ? 0 : last.sequence - 1);
      if (last !== null && !isSameEntry(entries[0], last)) {
        entries = await this.page(0);
        this.startOver();
      }
      this.take(entries);
      if (entries.length < PAGE) return;
    }
  }

  private page(after: number): Promise<readonly JournalEntry[]> {
    return this.journal.read(this.rotationId, after, PAGE);
  }

  /** Takes in entries as they were written. */
  take(entries: readonly JournalEntry[]): void {
    const news = entries.filter(({ sequence }) => sequence > (this.folded?.sequence ?? 0));
    this.folded = reduceAll(this.folded, news);
    for (const entry of news) this.auditor.record(entry);
    this.last = news.at(-1) ?? this.last;
  }

  private startOver(): void {
    this.folded = null;
    this.last = null;
    this.auditor = new Auditor();
  }

  /** What the entries would break, were they the next ones. Changes nothing. */
  violations(entries: readonly (ReducibleEntry & { readonly event: RotationEvent })[]): readonly Violation[] {
    return entries.flatMap((entry) => this.auditor.violations(entry));
  }

  private async pause(): Promise<void> {
    const left = this.nextLookAt - this.clock.monotonic();
    if (left > 0) await this.clock.sleep(left);
  }

  private async lookNow(): Promise<Look | null> {
    await this.catchUp();
    const state = this.folded;
    if (state === null) return null;
    const now = await this.journalClock.now();
    const begun = this.clock.monotonic();
    const actions = plan(state, now);
    const ended = this.clock.monotonic();
    this.nextLookAt = ended + Math.min(PAUSE_FACTOR * (ended - begun), LONGEST_PAUSE_MS);
    return { state, actions };
  }
}
