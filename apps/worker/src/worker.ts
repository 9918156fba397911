import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  type Journal,
  Perform,
  type Ports,
  RotationCommands,
  Runner,
  type RunnerLog,
  Schedules,
  type Wakeup,
  type Wakeups,
} from '#engine';

/** How often rotations that nobody woke are looked at again, in milliseconds (F07). */
const SWEEP_EVERY_MS = 10_000;

export interface WorkerParts extends Ports {
  readonly journal: Journal;
  readonly wakeups: Wakeups;
  readonly log: RunnerLog;
}

export interface RunningWorker {
  /** Takes no more wake-ups and waits for what runs. A worker that dies without it loses nothing. */
  stop(): Promise<void>;
}

/** Drives rotations and schedules until it is stopped. Any number of workers may share one database. */
export async function startWorker(parts: WorkerParts, concurrency = 10): Promise<RunningWorker> {
  const { journal, wakeups, clock, log, fleets, rotations, ca } = parts;
  const holder = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  const runner = new Runner(journal, wakeups, clock, new Perform(parts), holder, log);
  const commands = new RotationCommands(fleets, rotations, journal, wakeups, clock);
  const schedules = new Schedules(fleets, ca, commands, wakeups, clock);
  const handle = (wakeup: Wakeup) =>
    wakeup.kind === 'rotation' ? runner.drive(wakeup.id) : schedules.tick(wakeup.id);
  await wakeups.consume(handle, concurrency);
  await schedules.restore();
  const sweep = () => {
    commands
      .sweep()
      .catch((error: unknown) => log.error({ error }, 'the sweep failed; the next one is due soon'));
  };
  sweep();
  const sweeper = setInterval(sweep, SWEEP_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(sweeper);
      await wakeups.close();
    },
  };
}
