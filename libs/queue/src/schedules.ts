import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorCode, type RepeatOptions } from 'bullmq';
import type { Recurrence } from '#engine';
import type { Queue } from './queue-engine.js';

/** How long a tick that is just being handed out may take to put the next one in its place. */
const SETTLE_MS = 1_000;
const LOOK_EVERY_MS = 20;
const ATTEMPTS = 5;

const TAKEN: readonly unknown[] = [ErrorCode.SchedulerJobIdCollision, ErrorCode.SchedulerJobSlotsBusy];

type Repeat = Pick<RepeatOptions, 'pattern' | 'tz' | 'every'>;

/**
 * Makes the schedule tick as asked. One that does so already is left alone: setting it anew, as every replica
 * does at its start, would drop a tick that is due and not yet taken. What was set is looked at again, as a
 * worker that hands out a tick in the same moment may have put its own next tick in place of ours.
 */
export async function keepTicking(queue: Queue, id: string, recurrence: Recurrence): Promise<void> {
  const repeat = repeatOf(recurrence);
  for (let attempt = 1; !(await ticksAs(queue, id, repeat)); attempt += 1) {
    if (attempt > ATTEMPTS) throw new Error(`schedule ${id} does not get a next tick`);
    await set(queue, id, repeat);
  }
}

function repeatOf(recurrence: Recurrence): Repeat {
  return 'cron' in recurrence
    ? { pattern: recurrence.cron, tz: recurrence.timeZone }
    : { every: recurrence.everyMilliseconds };
}

async function set(queue: Queue, id: string, repeat: Repeat): Promise<void> {
  const opts = { removeOnComplete: true, removeOnFail: true };
  try {
    await queue.upsertJobScheduler(id, repeat, { name: 'schedule', data: { kind: 'schedule', id }, opts });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && TAKEN.includes(error.code))) throw error;
    await sleep(LOOK_EVERY_MS);
  }
}

/** True when the schedule has this recurrence and a tick of it is to come. */
async function ticksAs(queue: Queue, id: string, repeat: Repeat): Promise<boolean> {
  for (const deadline = Date.now() + SETTLE_MS; Date.now() < deadline; await sleep(LOOK_EVERY_MS)) {
    const known = await queue.getJobScheduler(id);
    if (known === undefined || !sameRepeat(known, repeat)) return false;
    const job = await queue.getJob(`repeat:${id}:${known.next}`);
    const state = await job?.getState();
    if (job && (state === 'delayed' || state === 'waiting')) return sameRepeat(tickRepeat(job.opts), repeat);
  }
  return false;
}

/** The recurrence that a tick carries; BullMQ stores it among the options but leaves it out of their type. */
function tickRepeat(options: object): Repeat {
  return 'repeat' in options ? (options.repeat as Repeat) : {};
}

function sameRepeat(one: Repeat, other: Repeat): boolean {
  return one.pattern === other.pattern && one.tz === other.tz && one.every === other.every;
}
