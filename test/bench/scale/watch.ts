import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { say } from '../figures.js';
import type { ScaleInstallation } from './installation.js';

const LOOK_EVERY_MS = 500;
const TELL_EVERY_MS = 10_000;
const MEGABYTE = 1 << 20;

/** What the worker had at one moment. */
export interface Sample {
  readonly at: number;
  readonly workerBytes: number;
  readonly channels: number;
}

/** How a rotation ended, and when its parts did: milliseconds since the epoch. */
export interface Ended {
  readonly status: string;
  readonly asked: number;
  /** First stage, first and last go, keep, last confirm. */
  readonly staged: number;
  readonly gone: number;
  readonly kept: number;
  readonly confirmed: number;
  readonly waves: number;
  readonly renewals: number;
}

/** Looks at worker and database, and not through the API, until the rotation has ended. Rejects when it takes too long. */
export async function untilEnded(
  { postgres, fleet, worker }: ScaleInstallation,
  rotationId: string,
  longest: number,
  samples: Sample[],
): Promise<Ended> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    let told = performance.now();
    for (const deadline = performance.now() + longest; ; await sleep(LOOK_EVERY_MS)) {
      const { channels, steps } = await fleet.look();
      const workerBytes = worker.memory().now;
      samples.push({ at: Date.now(), workerBytes, channels });
      const { rows } = await client.query(
        'SELECT status, phase, version, ended_at IS NOT NULL AS ended FROM rotations WHERE id = $1',
        [rotationId],
      );
      const [{ status, phase, version, ended }] = rows;
      if (performance.now() - told > TELL_EVERY_MS) {
        told = performance.now();
        const memory = `${Math.round(workerBytes / MEGABYTE)} MB`;
        say(
          `  ${status} ${phase}, entry ${version}, worker ${memory}, ${channels} channels, ${JSON.stringify(steps)}`,
        );
      }
      if (ended) return await endOf(client, rotationId, String(status));
      if (performance.now() > deadline) throw new Error(`not at its end in time: ${status} ${phase}`);
    }
  } finally {
    await client.end();
  }
}

async function endOf(client: pg.Client, rotationId: string, status: string): Promise<Ended> {
  const { rows } = await client.query<Record<keyof Ended, string>>(
    `SELECT min(at) AS asked,
       min(at) FILTER (WHERE type = 'effect.intended' AND event -> 'effect' ->> 'kind' = 'host.stage') AS staged,
       min(at) FILTER (WHERE type = 'decision.made' AND event -> 'decision' ->> 'kind' = 'go') AS gone,
       min(at) FILTER (WHERE type = 'decision.made' AND event -> 'decision' ->> 'kind' = 'keep') AS kept,
       max(at) AS confirmed,
       count(*) FILTER (WHERE type = 'decision.made' AND event -> 'decision' ->> 'kind' = 'go') AS waves,
       count(*) FILTER (WHERE type = 'deadlines.renewed') AS renewals
     FROM journal_entries WHERE rotation_id = $1`,
    [rotationId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate gave no row');
  const moment = (key: keyof Ended) => new Date(row[key]).getTime();
  return {
    status,
    ...{ asked: moment('asked'), staged: moment('staged'), gone: moment('gone') },
    ...{ kept: moment('kept'), confirmed: moment('confirmed') },
    ...{ waves: Number(row.waves), renewals: Number(row.renewals) },
  };
}
