import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Perform, Runner, type Wakeup } from '#engine';
import type { Installation } from '#installation';

/** How often rotations that nobody woke are looked at again, in milliseconds (F07). */
const SWEEP_EVERY_MS = 10_000;

export interface RunningWorker {
  /** Takes no more wake-ups and waits for what runs. A worker that dies without it loses nothing. */
  stop(): Promise<void>;
}

/** Drives rotations and schedules until it is stopped. Any number of workers may share one installation. */
export async function startWorker(installation: Installation, concurrency: number): Promise<RunningWorker> {
  const { commands, schedules, log, parts } = installation;
  const { journal, wakeups, clock } = parts;
  const holder = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  const runner = new Runner(journal, wakeups, clock, new Perform(parts), holder, log);
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
