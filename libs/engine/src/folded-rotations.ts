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
  private readonly reading = new Map<string, Promise<RotationState | null>>();

  constructor(private readonly journal: Pick<Journal, 'read'>) {}

  /** Null where there is no journal. Throws IllegalEvent for one that this release cannot follow. */
  read(rotationId: string): Promise<RotationState | null> {
    // Whoever asks while another one reads may want what is not read there.
    const before = this.reading.get(rotationId) ?? Promise.resolve(null);
    const reading = before.then(
      () => this.advance(rotationId),
      () => this.advance(rotationId),
    );
    this.reading.set(rotationId, reading);
    const over = () => {
      if (this.reading.get(rotationId) === reading) this.reading.delete(rotationId);
    };
    reading.then(over, over);
    return reading;
  }

  private async advance(rotationId: string): Promise<RotationState | null> {
    const known = this.kept.get(rotationId);
    this.kept.delete(rotationId);
    const begun = known === undefined ? null : await this.resume(rotationId, known);
    const folded = await this.readOn(rotationId, begun);
    if (folded === null) return null;
    this.kept.set(rotationId, folded);
    this.dropOldest();
    return folded.state;
  }

  /** The last entry once more: in a database that was restored meanwhile it is another one, or not there. */
  private async resume(rotationId: string, known: Folded): Promise<Folded | null> {
    const [again] = await this.journal.read(rotationId, known.last.sequence - 1, 1);
    return isSameEntry(again, known.last) ? known : null;
  }

  private async readOn(rotationId: string, begun: Folded | null): Promise<Folded | null> {
    for (let folded = begun; ; ) {
      const entries = await this.journal.read(rotationId, folded?.last.sequence ?? 0, PAGE);
      const last = entries.at(-1);
      if (last === undefined) return folded;
      const state: RotationState | null = reduceAll(folded?.state ?? null, entries);
      if (state === null) return null;
      folded = { state, last };
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
