import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type FaultName, type SimulationResult, simulate } from '#simulation';

/** Seeds that a thread takes at once. */
const SHARE = 20;

interface Share {
  readonly seeds: readonly number[];
}

/** Runs the seeds on all cores; `onResult` is called as they end, in any order. */
export async function runSeeds(
  from: number,
  count: number,
  faults: readonly FaultName[] | undefined,
  onResult: (result: SimulationResult) => void,
): Promise<void> {
  const seeds = Array.from({ length: count }, (_, index) => from + index);
  const threads = Math.min(availableParallelism(), Math.ceil(count / SHARE));
  const next = (): readonly number[] => seeds.splice(0, SHARE);
  await Promise.all(Array.from({ length: threads }, () => runThread(faults, next, onResult)));
}

function runThread(
  faults: readonly FaultName[] | undefined,
  next: () => readonly number[],
  onResult: (result: SimulationResult) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL(import.meta.url), { workerData: { faults } });
    const hand = () => {
      const seeds = next();
      if (seeds.length > 0) return thread.postMessage({ seeds } satisfies Share);
      void thread.terminate().then(() => resolve());
    };
    thread.on('message', (results: readonly SimulationResult[]) => {
      for (const result of results) onResult(result);
      hand();
    });
    thread.once('error', reject);
    hand();
  });
}

if (!isMainThread && parentPort) {
  const port = parentPort;
  const { faults } = workerData as { faults: readonly FaultName[] | undefined };
  port.on('message', async ({ seeds }: Share) => {
    const results: SimulationResult[] = [];
    for (const seed of seeds) results.push(await simulate({ seed, faults }));
    port.postMessage(results);
  });
}
