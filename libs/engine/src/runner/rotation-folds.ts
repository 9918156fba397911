import type { Clock } from '../ports/clock.js';
import type { Journal } from '../ports/journal.js';
import type { JournalClock } from './journal-clock.js';
import { RotationFold } from './rotation-fold.js';

/** Rotations that nobody holds at present and are likely to be woken again. */
const KEPT = 4;

interface Held {
  readonly fold: RotationFold;
  users: number;
}

/** The rotations that this process follows. A scope of one comes and goes; its journal is not read anew for each. */
export class RotationFolds {
  private readonly held = new Map<string, Held>();

  constructor(
    private readonly journal: Pick<Journal, 'read'>,
    private readonly clock: Clock,
    private readonly journalClock: JournalClock,
  ) {}

  /** Until {@link giveBack}. */
  hold(rotationId: string): RotationFold {
    const known = this.held.get(rotationId) ?? {
      fold: new RotationFold(this.journal, rotationId, this.clock, this.journalClock),
      users: 0,
    };
    known.users += 1;
    this.held.set(rotationId, known);
    return known.fold;
  }

  giveBack(rotationId: string, fold: RotationFold): void {
    const held = this.held.get(rotationId);
    if (held?.fold !== fold) return;
    held.users -= 1;
    if (held.users > 0) return;
    // Behind all that were given back before it.
    this.held.delete(rotationId);
    if (fold.state?.ended) return;
    this.held.set(rotationId, held);
    const idle = [...this.held].filter(([, { users }]) => users === 0);
    for (const [id] of idle.slice(0, -KEPT)) this.held.delete(id);
  }

  /** It erred, and why is not known here: whoever comes next reads all. Those that hold it go on with it. */
  forget(rotationId: string, fold: RotationFold): void {
    if (this.held.get(rotationId)?.fold === fold) this.held.delete(rotationId);
  }
}
