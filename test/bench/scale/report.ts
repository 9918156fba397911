import { say } from '../figures.js';
import type { FeedFigures } from './feed.js';
import type { ScaleInstallation } from './installation.js';
import type { JournalSize } from './journal-size.js';
import type { ReadFigures } from './reads.js';
import type { Ended, Sample } from './watch.js';

const MEGABYTE = 1 << 20;
const KILOBYTE = 1024;

export interface ScaleRun {
  readonly hosts: number;
  readonly ended: Ended;
  /** Seconds from the request to the end. */
  readonly wall: number;
  readonly samples: readonly Sample[];
  readonly reads: readonly ReadFigures[];
  readonly feed: FeedFigures;
  readonly journal: JournalSize;
  /** Before the rotation. */
  readonly empty: JournalSize;
  readonly windlass: ScaleInstallation;
}

/** In words, and as last line in JSON. */
export function report(run: ScaleRun): void {
  const figures = figuresOf(run);
  for (const complaint of run.windlass.worker.complaints().slice(0, 5)) say(`  worker: ${complaint}`);
  for (const { name, count, p50, p99, most, bytes } of run.reads) {
    say(
      `  GET ${name}: ${count} times, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, at most ${most.toFixed(0)} ms, ${Math.round(bytes / KILOBYTE)} KB`,
    );
  }
  for (const [name, value] of Object.entries(figures)) {
    if (typeof value !== 'object') say(`  ${name}: ${value}`);
  }
  say(JSON.stringify(figures));
}

function figuresOf({ hosts, ended, wall, samples, reads, feed, journal, empty, windlass }: ScaleRun) {
  const { status, asked, staged, gone, kept, confirmed, waves, renewals } = ended;
  const seconds = (from: number, to: number) => Number(((to - from) / 1_000).toFixed(1));
  const rows = journal.rows - empty.rows;
  const mebibytes = (bytes: number) => Number((bytes / MEGABYTE).toFixed(1));
  return {
    ...{ hosts, status, waves, renewals, wallSeconds: Number(wall.toFixed(1)) },
    millisecondsAHost: Number(((1_000 * wall) / hosts).toFixed(1)),
    ...{ preflightSeconds: seconds(asked, staged), voteSeconds: seconds(staged, gone) },
    ...{ switchSeconds: seconds(gone, kept), confirmSeconds: seconds(kept, confirmed) },
    workerPeakMegabytes: mebibytes(windlass.worker.memory().peak),
    apiPeakMegabytes: mebibytes(windlass.api.memory().peak),
    mostChannels: Math.max(...samples.map(({ channels }) => channels)),
    kilobytesAChannel: Number((slope(samples) / KILOBYTE).toFixed(1)),
    cpuMillisecondsAHost: {
      worker: Number(((1_000 * windlass.worker.cpu()) / hosts).toFixed(1)),
      api: Number(((1_000 * windlass.api.cpu()) / hosts).toFixed(1)),
    },
    rowsAHost: Number((rows / hosts).toFixed(1)),
    textBytesAHost: Math.round((journal.textBytes - empty.textBytes) / hosts),
    tableBytesAHost: Math.round((journal.tableBytes - empty.tableBytes) / hosts),
    databaseMegabytes: mebibytes(journal.databaseBytes),
    p99: Object.fromEntries(reads.map(({ name, p99 }) => [name, Number(p99.toFixed(1))])),
    feed: { ...feed, bytesAHost: Math.round(feed.bytes / hosts) },
  };
}

/** Bytes of the worker for each channel that is open, by least squares over all samples. */
function slope(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [channels, bytes] = [
    mean(samples.map((one) => one.channels)),
    mean(samples.map((one) => one.workerBytes)),
  ];
  const both = samples.map((one) => (one.channels - channels) * (one.workerBytes - bytes));
  const alone = samples.map((one) => (one.channels - channels) ** 2);
  return mean(both) / mean(alone);
}
