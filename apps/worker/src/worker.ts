import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Measure, Perform, Runner, unmeasured, WebhookLoop, WorkerLoop } from '#engine';
import type { Installation } from '#installation';

export interface RunningWorker {
  /** Takes no more wake-ups and waits for what runs. A worker that dies without it loses nothing. */
  stop(): Promise<void>;
}

/** Drives rotations and schedules, and tells webhooks of them, until it is stopped. Any number of workers may share one installation. */
export async function startWorker(
  installation: Installation,
  concurrency: number,
  measure: Measure = unmeasured,
): Promise<RunningWorker> {
  const { commands, schedules, log, parts, webhooks, figures, tracing } = installation;
  const { journal, rotations, wakeups, clock } = parts;
  const holder = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  const perform = new Perform(parts);
  const runner = new Runner(journal, wakeups, clock, perform, holder, log, { measure, tracing });
  const looked = () => figures.store.noteLook(holder);
  const loop = new WorkerLoop(runner, commands, schedules, wakeups, clock, log, { looked, tracing });
  const teller = new WebhookLoop({ ...webhooks, journal, rotations, clock, log, random: Math.random });
  await loop.start(concurrency);
  teller.start();
  return { stop: async () => void (await Promise.all([loop.stop(), teller.stop()])) };
}
