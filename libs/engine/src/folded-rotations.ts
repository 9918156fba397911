import { type RotationState, reduceAll } from '#rotation';
import type { Journal, JournalEntry } from './ports/journal.js';
import { isSameEntry } from './same-entry.js';

/** Entries that are read and folded at once: some milliseconds, behind which others have their turn. */
const PAGE = 1_000;
/** Effects of all rotations that are kept: some 1 KB each. */
const MOST_EFFECTS = 200_000;

/** A rotation as far as its journal was read, and its last entry then. */
interface Folded {
  readonly state: RotationState;
  readonly last: JournalEntry;
}

/**
 * Rotations as they are by now. Those that were asked for last are kept, and only what was written since is read: a
 * large fleet has hundreds of thousands of entries.
 */
export class FoldedRotations {
  /** Least recently asked for first. */
  private readonly kept = new Map<string, Folded>();
  /** Reads that are under way, one a rotation. */
  private readonly reading = new Map<string, Promise<RotationState | null>>();
  /** Reads that begin behind those. */
  private readonly waiting = new Map<string, Promise<RotationState | null>>();

  constructor(private readonly journal: Pick<Journal, 'read'>) {}

  /** Null where there is no journal. Throws IllegalEvent for one that this release cannot follow. */
  read(rotationId: string): Promise<RotationState | null> {
    // What has not begun yet sees all that was written before now, so one read serves all who wait.
    return this.waiting.get(rotationId) ?? this.readNext(rotationId);
  }

  /** Whoever asks while another one reads may want what is not read there. */
  private readNext(rotationId: string): Promise<RotationState | null> {
    const reading = this.reading.get(rotationId);
    if (reading === undefined) return this.begin(rotationId);
    const begin = () => {
      this.waiting.delete(rotationId);
      return this.begin(rotationId);
    };
    const next = reading.then(begin, begin);
    this.waiting.set(rotationId, next);
    return next;
  }

  private begin(rotationId: string): Promise<RotationState | null> {
    const reading = this.advance(rotationId).finally(() => this.reading.delete(rotationId));
    this.reading.set(rotationId, reading);
    return reading;
  }

  private async advance(rotationId: string): Promise<RotationState | null> {
    const folded = await this.readOn(rotationId, this.kept.get(rotationId) ?? null);
    this.kept.delete(rotationId);
    if (folded === null) return null;
    this.kept.set(rotationId, folded);
    this.dropOldest();
    return folded.state;
  }

  /**
   * From the last entry on, which is read once more with each page: in a database that was restored meanwhile it is
   * another one, or not there, and all of it is read anew.
   */
  private async readOn(rotationId: string, begun: Folded | null): Promise<Folded | null> {
    for (let folded = begun; ; ) {
      const last = folded?.last ?? null;
      const entries = await this.journal.read(rotationId, last === null ? 0 : last.sequence - 1, PAGE);
      if (last !== null && !isSameEntry(entries[0], last)) {
        folded = null;
        continue;
      }
      folded = foldedOn(folded, last === null ? entries : entries.slice(1));
      if (entries.length < PAGE) return folded;
    }
  }

  private dropOldest(): void {
    let effects = 0;
    for (const { state } of this.kept.values()) effects += state.effects.size;
    for (const [rotationId, { state }] of this.kept) {
      if (effects <= MOST_EFFECTS || this.kept.size === 1) return;
      this.kept.delete(rotationId);
      effects -= state.effects.size;
    }
  }
}

function foldedOn<F extends Folded | null>(before: F, entries: readonly JournalEntry[]): F | Folded {
  const last = entries.at(-1);
  if (last === undefined) return before;
  const state: RotationState | null = reduceAll(before?.state ?? null, entries);
  return state === null ? before : { state, last };
}
