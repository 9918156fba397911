import type { RotationCommands } from './commands.js';
import { logTrouble } from './log-trouble.js';
import type { Clock } from './ports/clock.js';
import { type Tracing, UNTRACED } from './ports/tracing.js';
import type { Wakeup, Wakeups } from './ports/wakeups.js';
import type { RunnerLog } from './runner/drive.js';
import type { Runner } from './runner/runner.js';
import type { Schedules } from './schedules/schedules.js';

/** How often rotations and schedules that nobody woke are looked at again, in milliseconds (F07). */
const SWEEP_EVERY_MS = 10_000;

export interface WorkerLoopOptions {
  readonly tracing: Tracing;
  /** Told after each look that came to its end. */
  readonly looked: () => Promise<void>;
}

/** Takes wake-ups and sweeps until it is stopped. Any number of workers may share one installation. */
export class WorkerLoop {
  private readonly stopped = new AbortController();
  private readonly batches = new Set<Promise<void>>();
  private ticking: Promise<void> | null = null;
  private readonly tracing: Tracing;
  private readonly looked: () => Promise<void>;

  constructor(
    private readonly runner: Runner,
    private readonly commands: RotationCommands,
    private readonly schedules: Schedules,
    private readonly wakeups: Wakeups,
    private readonly clock: Clock,
    private readonly log: RunnerLog,
    { tracing = UNTRACED, looked = async () => undefined }: Partial<WorkerLoopOptions> = {},
  ) {
    this.tracing = tracing;
    this.looked = looked;
  }

  /** @param concurrency rotations that are decided, and schedules that tick, at once */
  async start(concurrency: number): Promise<void> {
    await this.wakeups.consume((wakeup) => this.handle(wakeup), concurrency);
    await this.schedules.restore();
    void this.sweep();
  }

  /** Takes no more wake-ups and waits for what runs. A worker that dies without it loses nothing. */
  async stop(): Promise<void> {
    this.stopped.abort();
    this.runner.stop();
    await Promise.all([...this.batches, this.ticking]);
    await this.wakeups.close();
  }

  private async handle(wakeup: Wakeup): Promise<void> {
    // A rotation is swept by others; a tick would be lost.
    if (this.stopped.signal.aborted && wakeup.kind !== 'schedule') return;
    switch (wakeup.kind) {
      case 'rotation':
        return this.runner.drive(wakeup.id);
      case 'batch':
        return this.adopt(wakeup.id, wakeup.batch);
      case 'schedule':
        return this.tick(wakeup.id);
    }
  }

  private tick(scheduleId: string): Promise<void> {
    const step = { name: 'schedule.tick', fields: { 'windlass.schedule.id': scheduleId } };
    return this.tracing.within(step, () => this.schedules.tick(scheduleId));
  }

  /**
   * A batch keeps its hosts waiting for a decision of the whole fleet, so it must not hold a place in the queue
   * that another batch of the same fleet needs before there can be one.
   */
  private adopt(rotationId: string, batch: number): void {
    const work = this.runner
      .driveBatch(rotationId, batch)
      .catch((error: unknown) =>
        logTrouble(this.log, { rotationId, batch, error }, 'a batch failed; it is swept again'),
      )
      .finally(() => this.batches.delete(work));
    this.batches.add(work);
  }

  private async sweep(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      this.sweepSchedules();
      await this.commands
        .sweep()
        .then(this.looked)
        .catch((error: unknown) =>
          logTrouble(this.log, { error }, 'the sweep failed; the next one is due soon'),
        );
      await this.clock.sleep(SWEEP_EVERY_MS, this.stopped.signal);
    }
  }

  /** A look at many hosts takes its time; rotations are swept meanwhile. */
  private sweepSchedules(): void {
    this.ticking ??= this.schedules
      .sweep()
      .catch((error: unknown) => logTrouble(this.log, { error }, 'a schedule failed; it is swept again'))
      .finally(() => {
        this.ticking = null;
      });
  }
}
