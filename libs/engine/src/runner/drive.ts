import {
  type Action,
  type Effect,
  plannedWork,
  type RotationEventBody,
  type RotationState,
  scopeOf,
} from '#rotation';
import type { Measure } from '../measure.js';
import type { Perform } from '../perform/perform.js';
import type { Clock } from '../ports/clock.js';
import { AppendTooLate, type Journal, JournalConflict } from '../ports/journal.js';
import { PortError } from '../ports/problem.js';
import type { Tracing } from '../ports/tracing.js';
import type { Wakeups } from '../ports/wakeups.js';
import { Follower } from './follower.js';
import type { JournalClock } from './journal-clock.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { failureOf } from './report.js';
import { isSwitch, type Room } from './room.js';
import type { Look, RotationFold } from './rotation-fold.js';
import type { RotationFolds } from './rotation-folds.js';
import type { Place, StartingLine } from './starting-line.js';
import { driveStep, effectStep } from './traced-steps.js';

/** A hint may be lost: the journal is looked at this often while something is expected of others. */
const LOOK_EVERY_MS = 1_000;
/** A wait longer than this is left to a delayed wake-up, so that no worker holds a scope that sleeps. */
const LONGEST_NAP_MS = 2_000;

export interface RunnerLog {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** What every drive of one worker shares. */
export interface DriveParts {
  readonly journal: Journal;
  readonly wakeups: Wakeups;
  readonly clock: Clock;
  readonly journalClock: JournalClock;
  readonly perform: Perform;
  readonly room: Room;
  readonly line: StartingLine;
  readonly folds: RotationFolds;
  readonly log: RunnerLog;
  readonly tracing: Tracing;
  /** Told of what this worker wrote to journals. */
  readonly measure: Measure;
  /** Aborted when this worker stops: nothing more is begun. */
  readonly stopping: AbortSignal;
}

/**
 * One turn at one scope of a rotation, under one lease: state = reduce(events), then plan, then what the scope
 * has to do, until it has nothing to do and nothing to wait for. What a scope does is its subclass's.
 */
export abstract class Drive {
  protected readonly follower: Follower;
  private readonly running = new Map<string, Promise<void>>();
  private failure: unknown = null;
  /** Something is due that this worker has no room for yet. */
  private crowdedOut = false;
  private hinted: () => void = () => undefined;

  constructor(
    protected readonly parts: DriveParts,
    protected readonly keeper: LeaseKeeper,
    fold: RotationFold,
  ) {
    const { journal, journalClock, measure } = parts;
    this.follower = new Follower(journal, fold, keeper.lease, journalClock, measure);
  }

  /** Whether there is anything to take the scope up for, beside what was left running in it. */
  protected abstract hasWork(state: RotationState, actions: readonly Action[]): boolean;
  /** Whatever the scope does beside performing effects. True when the plan has to be made anew. */
  protected abstract attend(state: RotationState, actions: readonly Action[]): Promise<boolean>;
  /** Whether others will soon give this scope something to do. */
  protected abstract expects(state: RotationState, actions: readonly Action[]): boolean;

  /** Returns when there is nothing left to do now. Throws LeaseLost, InvariantViolated, and what the journal throws. */
  async run(): Promise<void> {
    const { lease } = this.keeper;
    const forget = await this.parts.journal.onAppend(lease.rotationId, () => this.hinted());
    try {
      const state = await this.takeUp();
      if (state) await this.parts.tracing.within(driveStep(lease, state), () => this.turns());
    } finally {
      await forget();
    }
  }

  private async turns(): Promise<void> {
    try {
      while (await this.turn());
    } finally {
      await Promise.all(this.running.values());
    }
    if (this.failure) throw this.failure;
  }

  /** Writes that the scope has a new holder. Null when there is nothing to take it up for. */
  private async takeUp(): Promise<RotationState | null> {
    while (await this.isWanted()) {
      try {
        await this.follower.takeOver();
        return this.follower.state;
      } catch (error) {
        // Scopes of one rotation are woken together, and write at once.
        if (!(error instanceof JournalConflict)) throw error;
      }
    }
    return null;
  }

  /** What is to be done by now, after the run. */
  look(): Promise<Look | null> {
    return this.follower.look();
  }

  /** Whether something is there to take the scope up for. */
  async isWanted(): Promise<boolean> {
    const look = await this.follower.look();
    if (!look || look.state.ended) return false;
    return this.wasLost(look.state) || this.hasWork(look.state, look.actions);
  }

  /** Whether something of this scope runs as far as the journal knows, and its worker may be gone. */
  private wasLost(state: RotationState): boolean {
    return [...state.tally.running].some((id) => {
      const effect = state.effects.get(id)?.effect;
      return effect !== undefined && scopeOf(state.snapshot, effect) === this.keeper.lease.scope;
    });
  }

  /** Runs `work` beside the turns; what it throws ends the drive. */
  protected begin(key: string, work: () => Promise<void>): void {
    const task = work()
      .catch((error: unknown) => {
        this.failure ??= error;
      })
      .finally(() => {
        this.running.delete(key);
        this.hinted();
      });
    this.running.set(key, task);
  }

  protected isRunning(key: string): boolean {
    return this.running.has(key);
  }

  /** One look at the plan. False when this drive has nothing more to do. */
  private async turn(): Promise<boolean> {
    if (this.failure || this.parts.stopping.aborted) return false;
    try {
      return await this.act();
    } catch (error) {
      // Somebody else wrote first, or too much time has passed: the plan is another one now.
      if (error instanceof JournalConflict || error instanceof AppendTooLate) return true;
      throw error;
    }
  }

  private async act(): Promise<boolean> {
    const hint = this.nextHint();
    const look = await this.follower.look();
    if (!look || look.state.ended) return false;
    const { state, actions } = look;
    if (await this.attend(state, actions)) return true;
    if (await this.perform(state, actions)) return true;
    const left = plannedWork(state.snapshot, actions).waitsUntil - this.parts.journalClock.estimate();
    const stays =
      this.running.size > 0 || this.crowdedOut || left <= LONGEST_NAP_MS || this.expects(state, actions);
    if (!stays) return false;
    await Promise.race([hint, this.parts.clock.sleep(Math.max(1, Math.min(left, LOOK_EVERY_MS)))]);
    return true;
  }

  /** What the plan has for this scope. */
  protected due(state: RotationState, actions: readonly Action[]): readonly Effect[] {
    return plannedWork(state.snapshot, actions).effects.get(this.keeper.lease.scope) ?? [];
  }

  /** Journals the intents of what is to be begun, then begins it. */
  private async perform(state: RotationState, actions: readonly Action[]): Promise<boolean> {
    const due = this.due(state, actions).filter(({ id }) => !this.isRunning(id));
    const effects = this.parts.room.take(due);
    this.crowdedOut = due.length > effects.length;
    if (effects.length === 0) return false;
    const places = effects.map((effect) => (isSwitch(effect) ? this.parts.line.place() : null));
    const { term } = this.keeper.lease;
    try {
      await this.follower.append(
        effects.map((effect) => ({ type: 'effect.intended', effect, term })),
        { state, hold: () => true },
      );
    } catch (error) {
      for (const effect of effects) this.parts.room.give(effect);
      for (const place of places) place?.leave();
      throw error;
    }
    const begun = this.follower.state ?? state;
    for (const [index, effect] of effects.entries()) {
      this.begin(effect.id, () => this.performOne(effect, begun, places[index] ?? null));
    }
    return true;
  }

  private async performOne(effect: Effect, state: RotationState, place: Place | null): Promise<void> {
    try {
      const outcome = await this.outcome(effect, state, place).finally(() => place?.leave());
      await this.follower.report(outcome);
    } finally {
      this.parts.room.give(effect);
    }
  }

  private async outcome(
    effect: Effect,
    state: RotationState,
    place: Place | null,
  ): Promise<Extract<RotationEventBody, { type: 'effect.succeeded' | 'effect.failed' }>> {
    const { term } = this.keeper.lease;
    try {
      const { perform, tracing } = this.parts;
      const result = await tracing.within(effectStep(effect, state), () =>
        perform.perform(effect, state, term, place?.stand),
      );
      return { type: 'effect.succeeded', effectId: effect.id, result, term };
    } catch (error) {
      this.tellOfFailure(effect, error);
      return failureOf(effect, error, state, term);
    }
  }

  /** The journal has the sentence; of a defect of ours only the log has what would mend it. */
  private tellOfFailure({ id: effectId }: Effect, error: unknown): void {
    const { rotationId } = this.keeper.lease;
    if (error instanceof PortError) {
      const { problem } = error;
      this.parts.log.warn(
        { rotationId, effectId, problem },
        'an effect failed; the journal says what follows',
      );
    } else this.parts.log.error({ rotationId, effectId, error }, 'Windlass itself failed in an effect');
  }

  private nextHint(): Promise<void> {
    return new Promise((resolve) => {
      this.hinted = resolve;
    });
  }
}
