import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Perform, Runner, WorkerLoop } from '#engine';
import type { Installation } from '#installation';

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
  const loop = new WorkerLoop(runner, commands, schedules, wakeups, clock, log);
  await loop.start(concurrency);
  return loop;
}
