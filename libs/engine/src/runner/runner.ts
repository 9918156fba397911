import { batchScope, type Scope } from '#rotation';
import { type Measure, unmeasured } from '../measure.js';
import type { Perform } from '../perform/perform.js';
import type { Clock } from '../ports/clock.js';
import { type Journal, JournalConflict, LeaseLost } from '../ports/journal.js';
import { type Tracing, UNTRACED } from '../ports/tracing.js';
import type { Wakeups } from '../ports/wakeups.js';
import { BatchDrive } from './batch-drive.js';
import { CoordinatorDrive } from './coordinator-drive.js';
import type { Drive, DriveParts, RunnerLog } from './drive.js';
import { JournalClock } from './journal-clock.js';
import { LeaseKeeper } from './lease-keeper.js';
import { Room } from './room.js';
import type { Look, RotationFold } from './rotation-fold.js';
import { RotationFolds } from './rotation-folds.js';
import { StartingLine } from './starting-line.js';

/** A scope that was taken from under us is looked at again after this, in milliseconds. */
const LOOK_AGAIN_MS = 5_000;

export interface RunnerOptions {
  /** Told of what this worker wrote to journals. */
  readonly measure: Measure;
  readonly tracing: Tracing;
  /** Host effects at once, over all rotations of this worker. */
  readonly parallelism: number;
}

/**
 * Drives rotations for one worker: the decisions and the CA of a rotation under one lease, each batch of its
 * hosts under one of its own. Any number of runners may be woken for the same thing: the lease lets one work,
 * and the journal's compare-and-set refuses the others in any case.
 */
export class Runner {
  private readonly parts: DriveParts;
  private readonly stopping = new AbortController();

  constructor(
    journal: Journal,
    wakeups: Wakeups,
    clock: Clock,
    perform: Perform,
    private readonly holder: string,
    log: RunnerLog,
    { measure = unmeasured, tracing = UNTRACED, parallelism = 64 }: Partial<RunnerOptions> = {},
  ) {
    const journalClock = new JournalClock(journal, clock);
    this.parts = {
      journal,
      wakeups,
      clock,
      journalClock,
      perform,
      log,
      tracing,
      measure,
      room: new Room(parallelism),
      line: new StartingLine(clock),
      folds: new RotationFolds(journal, clock, journalClock),
      stopping: this.stopping.signal,
    };
  }

  /**
   * Begins nothing more. What runs comes to its end and is reported; then each scope is free for other workers,
   * for whom a worker that stops must not make hosts wait.
   */
  stop(): void {
    this.stopping.abort();
  }

  /** Decides and drives the CA as long as there is something to do now. Safe to call at any time, from anywhere. */
  async drive(rotationId: string): Promise<void> {
    await this.under(
      rotationId,
      'coordinator',
      (keeper, fold) => new CoordinatorDrive(this.parts, keeper, fold),
    );
  }

  /** Drives the hosts of one batch as long as there is something to do or to wait for. Safe as {@link drive} is. */
  async driveBatch(rotationId: string, batch: number): Promise<void> {
    const open = (keeper: LeaseKeeper, fold: RotationFold) => new BatchDrive(this.parts, keeper, fold);
    const ended = await this.under(rotationId, batchScope(batch), open);
    // Who was woken for it while we held the lease has gone again, so the last look is ours.
    if (await ended?.isWanted()) await this.parts.wakeups.wakeBatch(rotationId, batch);
  }

  /** The drive that came to its end by itself, or null. */
  private async under(
    rotationId: string,
    scope: Scope,
    open: (keeper: LeaseKeeper, fold: RotationFold) => Drive,
  ): Promise<Drive | null> {
    const { journal, clock, log } = this.parts;
    const keeper = await LeaseKeeper.take(journal, clock, rotationId, scope, this.holder);
    if (!keeper) return null;
    const { folds } = this.parts;
    const fold = folds.hold(rotationId);
    const drive = open(keeper, fold);
    let ended: Drive | null = null;
    try {
      await drive.run();
      ended = drive;
    } catch (error) {
      folds.forget(rotationId, fold);
      if (!(error instanceof JournalConflict) && !(error instanceof LeaseLost)) throw error;
      log.info({ rotationId, scope, term: keeper.lease.term }, 'another worker took it over; looking again');
      await this.parts.wakeups.wakeRotation(rotationId, LOOK_AGAIN_MS);
    } finally {
      folds.giveBack(rotationId, fold);
      await keeper.release();
    }
    await this.wakeLater(rotationId, await drive.look());
    return ended;
  }

  /** Whoever is done asks for the next look: at once when there is something to decide, else when it is due. */
  private async wakeLater(rotationId: string, look: Look | null): Promise<void> {
    const { journalClock, wakeups } = this.parts;
    if (!look || look.state.ended) return;
    const now = await journalClock.now();
    const waits = look.actions.map((action) => (action.kind === 'wait' ? action.until - now : 0));
    if (waits.length > 0) await wakeups.wakeRotation(rotationId, Math.max(0, Math.min(...waits)));
  }
}
