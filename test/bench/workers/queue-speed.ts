import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BullWakeups, type QueuePlace } from '#queue';

/** As `WORKER_CONCURRENCY` has it. */
const CONCURRENCY = 8;
const WAKES = 200;
const WAKE_EVERY_MS = 15;
const JOBS = 2_000;
/** Wake-ups that are being put into the queue at once. */
const ADDED_AT_ONCE = 16;

export interface QueueSpeed {
  /** Milliseconds from the wake-up to the handler, of single wake-ups in an idle queue. */
  readonly latencyP50: number;
  readonly latencyP99: number;
  /** Wake-ups a second through a queue that is never empty, by the number of workers that take them. */
  readonly jobsPerSecond: Readonly<Record<number, number>>;
}

/** How fast a queue is by itself: nobody does anything with what wakes him. All ends of it are in this process. */
export async function queueSpeed(place: QueuePlace, workers: readonly number[]): Promise<QueueSpeed> {
  const latencies = (await latencyOf(place)).toSorted((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(share * (latencies.length - 1))] ?? 0;
  const jobsPerSecond: Record<number, number> = {};
  for (const count of workers) jobsPerSecond[count] = await throughput(place, count);
  return { latencyP50: at(0.5), latencyP99: at(0.99), jobsPerSecond };
}

async function latencyOf(place: QueuePlace): Promise<number[]> {
  const [sender, receiver] = await Promise.all([BullWakeups.open(place), BullWakeups.open(place)]);
  const id = randomUUID();
  const sent = new Map<number, number>();
  const took: number[] = [];
  await receiver.consume(async (wakeup) => {
    if (wakeup.kind === 'batch') took.push(performance.now() - (sent.get(wakeup.batch) ?? 0));
  }, CONCURRENCY);
  for (let batch = 0; batch < WAKES; batch += 1) {
    sent.set(batch, performance.now());
    await sender.wakeBatch(id, batch);
    await sleep(WAKE_EVERY_MS);
  }
  while (took.length < WAKES) await sleep(WAKE_EVERY_MS);
  await Promise.all([sender.close(), receiver.close()]);
  return took;
}

async function throughput(place: QueuePlace, workers: number): Promise<number> {
  const sender = await BullWakeups.open(place);
  const receivers = await Promise.all(Array.from({ length: workers }, () => BullWakeups.open(place)));
  const id = randomUUID();
  let [next, done] = [0, 0];
  const count = async () => {
    done += 1;
  };
  await Promise.all(receivers.map((receiver) => receiver.consume(count, CONCURRENCY)));
  const begun = performance.now();
  const add = async () => {
    for (let batch = next++; batch < JOBS; batch = next++) await sender.wakeBatch(id, batch);
  };
  await Promise.all(Array.from({ length: ADDED_AT_ONCE }, add));
  while (done < JOBS) await sleep(1);
  const seconds = (performance.now() - begun) / 1_000;
  await Promise.all([sender, ...receivers].map((one) => one.close()));
  return JOBS / seconds;
}
