import { type SimulationResult, simulate } from '#simulation';
import { readOptions, SIMULATE_USAGE, type SimulateOptions, UsageFault } from './options.js';
import { runSeeds } from './seeds.js';

type Print = (line: string) => void;

const PROGRESS_EVERY_MS = 5_000;

/** `windlass simulate`: 0 when nothing was violated, 1 when something was, 2 for a wrong command line. */
export async function simulateCommand(
  args: readonly string[],
  print: Print,
  complain: Print,
): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === 'help') {
      print(SIMULATE_USAGE);
      return 0;
    }
    return options.trace ? await trace(options, print) : await many(options, print, complain);
  } catch (error) {
    if (!(error instanceof UsageFault)) throw error;
    complain(`windlass simulate: ${error.message}\n\n${SIMULATE_USAGE}`);
    return 2;
  }
}

async function trace({ from, faults }: SimulateOptions, print: Print): Promise<number> {
  const onBoundary = (at: number, process: string, label: string) =>
    print(`${(at / 1000).toFixed(3).padStart(10)} s  ${process.padEnd(10)} ${label}`);
  const result = await simulate({ seed: from, faults, onBoundary });
  print(describe(result));
  return conclude([result], print);
}

async function many(
  { from, count, faults }: SimulateOptions,
  print: Print,
  complain: Print,
): Promise<number> {
  const began = Date.now();
  const results: SimulationResult[] = [];
  let told = began;
  await runSeeds(from, count, faults, (result) => {
    results.push(result);
    if (result.breaches.length > 0 || count === 1) print(describe(result));
    if (Date.now() - told < PROGRESS_EVERY_MS) return;
    told = Date.now();
    complain(`${results.length} of ${count} seeds`);
  });
  print(summary(results, (Date.now() - began) / 1000));
  return conclude(results, print);
}

function describe({ seed, faults, status, explanation, breaches, took, events }: SimulationResult): string {
  const head = `seed ${seed} (${faults.join(', ') || 'no faults'}): ${status} after ${(took / 1000).toFixed(1)} s of its own time, ${events} events`;
  const wrong = breaches.map(
    ({ invariant, at, says }) => `  VIOLATED ${invariant} at ${at / 1000} s: ${says}`,
  );
  const again = breaches.length > 0 ? [`  again: windlass simulate --seed ${seed} --trace`] : [];
  return [head, `  ${explanation}`, ...wrong, ...again].join('\n');
}

function summary(results: readonly SimulationResult[], seconds: number): string {
  const statuses = count(results.map(({ status }) => status));
  const faults = count(results.flatMap(({ faults }) => faults));
  const events = results.reduce((sum, result) => sum + result.events, 0);
  return [
    `ended as: ${listed(statuses)}`,
    `faults:   ${listed(faults)}`,
    `${events} events in ${seconds.toFixed(0)} s`,
  ].join('\n');
}

function count(words: readonly string[]): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  for (const word of words) counted.set(word, (counted.get(word) ?? 0) + 1);
  return counted;
}

function listed(counted: ReadonlyMap<string, number>): string {
  return [...counted]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, times]) => `${word} ${times}`)
    .join(', ');
}

/** The last line, for those who read nothing else. */
function conclude(results: readonly SimulationResult[], print: Print): number {
  const violated = results.filter(({ breaches }) => breaches.length > 0).length;
  print(`${results.length} seeds, ${violated} violations`);
  return violated === 0 ? 0 : 1;
}
