import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from '#kit';
import { median, numberOf, say } from './figures.js';
import { WorkersInstallation } from './workers/installation.js';
import { type QueueSpeed, queueSpeed } from './workers/queue-speed.js';
import { COUNTERS_LATE_MS, loadBetween, type ServerLoad, serverLoad } from './workers/server-load.js';
import { type Share, sharesOf, transitionSeconds } from './workers/shares.js';

/** `npm run bench:workers -- --hosts 200 --rounds 3`: docs/benchmarks.md says what it measures. */
const WORKERS = [1, 2, 4];
const MEGABYTE = 1_000_000;

/** One transition by so many workers. */
interface Run {
  readonly queue: string;
  readonly workers: number;
  readonly seconds: number;
  readonly shares: readonly Share[];
  /** Of all workers, seconds of CPU and the most bytes that one had. */
  readonly cpu: readonly number[];
  readonly peak: number;
  readonly load: ServerLoad;
}

const hosts = numberOf('hosts', 200);
const rounds = numberOf('rounds', 3);
const windlass = await WorkersInstallation.open(hosts);
const redis = await startRedis();
const queues = [
  { queue: 'PostgreSQL', redisUrl: null, place: { postgresUrl: windlass.postgres.url } },
  { queue: 'Redis', redisUrl: redis.url, place: { redisUrl: redis.url } },
];
const runs: Run[] = [];
say(`${hosts} simulated hosts, ${rounds} rounds of one transition by 1, 2 and 4 worker processes`);
for (let round = 1; round <= rounds; round += 1) {
  for (const workers of WORKERS)
    for (const { queue, redisUrl } of queues) tell(round, await run(queue, redisUrl, workers));
}
const speeds: (QueueSpeed & { readonly queue: string })[] = [];
for (const { queue, place } of queues) speeds.push({ queue, ...(await queueSpeed(place, WORKERS)) });
await windlass.stop();
await redis.stop();
say(runsTable());
say(speedTable());
say(JSON.stringify({ hosts, rounds, runs: medians(), queues: speeds }));
process.exit(0);

async function run(queue: string, redisUrl: string | null, workers: number): Promise<Run> {
  const processes = await windlass.startWorkers(workers, redisUrl);
  await sleep(COUNTERS_LATE_MS);
  const before = await serverLoad(windlass.postgres, redisUrl);
  const begun = processes.map((one) => one.cpu());
  const journal = await windlass.replace(redisUrl);
  const cpu = processes.map((one, index) => one.cpu() - (begun[index] ?? 0));
  const peak = Math.max(...processes.map((one) => one.memory().peak));
  await sleep(COUNTERS_LATE_MS);
  const load = loadBetween(before, await serverLoad(windlass.postgres, redisUrl));
  await Promise.all(processes.map((one) => one.stop()));
  return { queue, workers, seconds: transitionSeconds(journal), shares: sharesOf(journal), cpu, peak, load };
}

function tell(round: number, one: Run): void {
  runs.push(one);
  const shares = one.shares.map(({ scopes, effects }) => `${scopes.join(' ')} (${effects} host effects)`);
  say(
    `round ${round}: ${one.queue}, ${one.workers} workers: ${one.seconds.toFixed(2)} s; ${shares.join(' / ')}`,
  );
}

function medians() {
  return queues.flatMap(({ queue }) =>
    WORKERS.map((workers) => {
      const own = runs.filter((one) => one.queue === queue && one.workers === workers);
      const of = (value: (one: Run) => number, digits = 2) => Number(median(own.map(value)).toFixed(digits));
      return {
        ...{ queue, workers, seconds: of(({ seconds }) => seconds) },
        /** Workers that did something on hosts, in the round with the fewest. */
        sharing: Math.min(...own.map(({ shares }) => shares.filter(({ effects }) => effects > 0).length)),
        busiestShare: of(({ shares }) => busiest(shares)),
        workersCpu: of(({ cpu }) => cpu.reduce((sum, seconds) => sum + seconds, 0)),
        mostCpu: of(({ cpu }) => Math.max(...cpu)),
        peakMegabytes: of(({ peak }) => peak / MEGABYTE, 0),
        databaseCpu: of(({ load }) => load.databaseCpu),
        transactions: of(({ load }) => load.transactions, 0),
        queueRows: of(({ load }) => load.queueRows, 0),
        redisCpu: of(({ load }) => load.redisCpu),
        redisCommands: of(({ load }) => load.redisCommands, 0),
      };
    }),
  );
}

/** Of all effects on hosts, those of the worker with the most. */
function busiest(shares: readonly Share[]): number {
  const effects = shares.map((share) => share.effects);
  return Math.max(...effects) / effects.reduce((sum, one) => sum + one, 0);
}

function runsTable(): string {
  return [
    '| queue | workers | transition s | workers that shared it | share of the busiest | CPU of all workers s | of the busiest s | peak MB of one | database CPU s | transactions | rows of the queue | Redis CPU s | Redis commands |',
    `|${'---|'.repeat(13)}`,
    ...medians().map((one) => `| ${Object.values(one).join(' | ')} |`),
  ].join('\n');
}

function speedTable(): string {
  const lines = speeds.map(({ queue, latencyP50, latencyP99, jobsPerSecond }) =>
    [
      ...[queue, latencyP50.toFixed(1), latencyP99.toFixed(1)],
      ...WORKERS.map((count) => jobsPerSecond[count]?.toFixed(0)),
    ].join(' | '),
  );
  return [
    '| queue | wake to work, p50 ms | p99 ms | jobs/s, 1 worker | 2 workers | 4 workers |',
    '|---|---|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}
