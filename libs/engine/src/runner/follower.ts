import {
  EVENT_VERSION,
  IllegalEvent,
  observationsOf,
  type RotationEvent,
  type RotationEventBody,
  type RotationState,
  reduceAll,
  type Violation,
} from '#rotation';
import { type Measure, unmeasured } from '../measure.js';
import { type Journal, JournalConflict, type Lease, LeaseLost } from '../ports/journal.js';
import { projectionOf } from '../projection.js';
import type { JournalClock } from './journal-clock.js';
import type { Look, RotationFold } from './rotation-fold.js';

/** An entry that must never be written. A defect of ours: the drive stops before it does anything. */
export class InvariantViolated extends Error {
  constructor(readonly violations: readonly Violation[]) {
    super(violations.map(({ invariant, says }) => `${invariant}: ${says}`).join('; '));
    this.name = 'InvariantViolated';
  }
}

const OUTCOME_TRIES = 50;

/** What ended, or a host that goes on waiting: true whatever else was written meanwhile. */
type Report = Extract<
  RotationEventBody,
  { type: 'effect.succeeded' | 'effect.failed' | 'deadlines.renewed' }
>;

/** What events were decided on, and whether they still hold where others wrote since. */
export interface Grounds {
  readonly state: RotationState;
  readonly hold: (now: RotationState) => boolean;
}

/** One rotation's journal as one lease follows and continues it. */
export class Follower {
  private reports: Report[] = [];
  private reporting: Promise<void> | null = null;

  constructor(
    private readonly journal: Pick<Journal, 'append'>,
    private readonly fold: RotationFold,
    private readonly lease: Lease,
    private readonly clock: JournalClock,
    private readonly measure: Measure = unmeasured,
  ) {}

  /** Null until the first {@link look} found a journal. */
  get state(): RotationState | null {
    return this.fold.state;
  }

  /** What is to be done now; null where there is no journal. */
  look(): Promise<Look | null> {
    return this.fold.look();
  }

  /** Writes that the lease has the scope now. Throws as {@link append} does. */
  takeOver(): Promise<void> {
    const { scope, term, holder, rotationId } = this.lease;
    return this.fold.inTurn(() => {
      // Another scope of this process may have ended it since somebody looked.
      if (this.current().ended) throw new JournalConflict(rotationId);
      return this.write([{ type: 'term.taken', scope, term, holder }], null);
    });
  }

  /**
   * Writes events that were decided on these grounds. Throws JournalConflict when those are no longer true, LeaseLost,
   * AppendTooLate, and {@link InvariantViolated} before anything was written.
   */
  append(
    bodies: readonly RotationEventBody[],
    grounds: Grounds,
    notAfter: number | null = null,
  ): Promise<void> {
    return this.fold.inTurn(() => {
      if (!this.stillHolds(bodies, grounds)) throw new JournalConflict(this.lease.rotationId);
      return this.write(bodies, notAfter);
    });
  }

  /** Writes what happened, with all that was reported meanwhile, on whatever others wrote. Throws LeaseLost. */
  report(body: Report): Promise<void> {
    this.reports.push(body);
    this.reporting ??= this.fold.inTurn(() => this.writeReports());
    return this.reporting;
  }

  /** Other scopes of this process write between a look and what it led to. */
  private stillHolds(bodies: readonly RotationEventBody[], { state, hold }: Grounds): boolean {
    const now = this.current();
    return now === state || (hold(now) && this.isLegal(bodies));
  }

  private isLegal(bodies: readonly RotationEventBody[]): boolean {
    try {
      this.after(bodies);
      return true;
    } catch (error) {
      if (error instanceof IllegalEvent || error instanceof InvariantViolated) return false;
      throw error;
    }
  }

  private async writeReports(): Promise<void> {
    const reports = this.reports.splice(0);
    this.reporting = null;
    for (let attempt = 1; ; attempt += 1) {
      const standing = reports.filter((body) => this.stands(body));
      if (standing.length === 0) return;
      try {
        return await this.write(standing, null);
      } catch (error) {
        if (!(error instanceof JournalConflict) || attempt >= OUTCOME_TRIES) throw error;
        await this.fold.readOn();
      }
    }
  }

  /** A renewal that comes behind the decision it was for is no longer of interest to anybody. */
  private stands(body: Report): boolean {
    if (body.type !== 'deadlines.renewed') return true;
    try {
      this.after([body]);
      return true;
    } catch (error) {
      if (error instanceof IllegalEvent) return false;
      throw error;
    }
  }

  /** Somebody else may have written that the scope is theirs now. */
  private requireTerm(taking: boolean): void {
    const { scope, term } = this.lease;
    const newest = this.state?.terms.get(scope) ?? 0;
    if (taking ? newest >= term : newest !== term) throw new LeaseLost(this.lease);
  }

  private async write(bodies: readonly RotationEventBody[], notAfter: number | null): Promise<void> {
    this.requireTerm(bodies.some(({ type }) => type === 'term.taken'));
    const before = this.current();
    const after = this.after(bodies);
    const entries = await this.journal.append({
      rotationId: before.snapshot.rotationId,
      expectedSequence: before.sequence,
      lease: this.lease,
      events: bodies.map(versioned),
      projection: projectionOf(before, after),
      notAfter,
    });
    this.fold.take(entries);
    for (const one of observationsOf(before, this.current(), entries)) this.measure(one);
  }

  /** The state as it will be; throws where an entry would be illegal or would break an invariant. */
  private after(bodies: readonly RotationEventBody[]): RotationState {
    const at = new Date(this.clock.estimate()).toISOString();
    const state = this.current();
    const entries = bodies.map((body, index) => ({
      sequence: state.sequence + 1 + index,
      at,
      event: versioned(body),
    }));
    const violations = this.fold.violations(entries);
    if (violations.length > 0) throw new InvariantViolated(violations);
    return reduceAll(state, entries);
  }

  private current(): RotationState {
    if (!this.state) throw new Error(`rotation ${this.lease.rotationId} has no journal`);
    return this.state;
  }
}

function versioned(body: RotationEventBody): RotationEvent {
  return { ...body, v: EVENT_VERSION };
}
