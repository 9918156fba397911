import {
  GrowingFold,
  type ReducibleEntry,
  type RotationPhase,
  type RotationState,
  reduceAll,
} from '#rotation';

/** One entry of the journal, as the API streams it. */
export type JournalEntry = ReducibleEntry;

/** A phase that the rotation went through, and the entry with which it began. */
export interface PhaseBegun {
  readonly phase: RotationPhase;
  readonly at: string;
  readonly sequence: number;
}

/** A state is kept after so many entries: whoever looks back waits for a fold of no more than these. */
const KEEP_EVERY = 250;

/**
 * A journal as far as it is known, and what it amounts to. Grows at its end only. Each state that is kept costs a map
 * of its effects, so that they are kept sparsely: some tens for ten thousand entries.
 */
export class JournalFold {
  readonly entries: JournalEntry[] = [];
  readonly phases: PhaseBegun[] = [];
  private readonly fold = new GrowingFold();
  private readonly kept: RotationState[] = [];
  private looked: RotationState | null = null;

  /** Takes in what follows. What is known already is left out; throws IllegalEvent, and Error for a gap. */
  append(found: readonly JournalEntry[]): void {
    const entries = found.filter(({ sequence }) => sequence > this.entries.length);
    const [first] = entries;
    if (first === undefined) return;
    if (first.sequence !== this.entries.length + 1) {
      throw new Error(`entry ${this.entries.length + 1} is missing before ${first.sequence}`);
    }
    this.fold.take(entries, (state) => this.note(state));
    this.entries.push(...entries);
    if (this.entries.length - (this.kept.at(-1)?.sequence ?? 0) < KEEP_EVERY) return;
    const { state } = this;
    if (state) this.kept.push(state);
  }

  /** The rotation now; null before the first entry. Costs a copy of the effects once after entries came in. */
  get state(): RotationState | null {
    if (this.looked?.sequence !== this.entries.at(-1)?.sequence) this.looked = this.fold.look();
    return this.looked;
  }

  /** The rotation as it was after the entry with this sequence; null before the first. */
  at(sequence: number): RotationState | null {
    const wanted = Math.min(sequence, this.entries.length);
    if (wanted === this.entries.length) return this.state;
    const near = this.kept.findLast((state) => state.sequence <= wanted) ?? null;
    return reduceAll(near, this.entries.slice(near?.sequence ?? 0, wanted));
  }

  private note({ phase, updatedAt: at, sequence }: RotationState): void {
    if (this.phases.at(-1)?.phase !== phase) this.phases.push({ phase, at, sequence });
  }
}
