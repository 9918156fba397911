import { randomUUID } from 'node:crypto';
import { ReadFigures, trustOfSeenGenerations } from '#engine';
import { PostgresFigureStore } from '#persistence';
import { Metrics } from '#platform';
import { composeGeneration } from '#trust';
import { makeCa } from '../kit/pki.js';
import { aBundle, aFleet, aHost, openTestStores, type TestStores } from '../kit/stored-fleet.js';
import { median, numberOf, say } from './figures.js';

const fleets = numberOf('fleets', 100);
const hosts = numberOf('hosts', 10);
const rotations = numberOf('rotations', 200);
const SCRAPES = 20;

const stores = await openTestStores();
try {
  await furnish(stores);
  const store = new PostgresFigureStore(stores.dataSource);
  const wakeups = { depth: async () => ({ waiting: 0, active: 0, delayed: 0 }) };
  const read = new ReadFigures({ store, wakeups, servedTrust: trustOfSeenGenerations(store) });
  let now = 0;
  const metrics = new Metrics(
    () => read.read(),
    () => now,
  );
  const scrape = async (later: number) => {
    now += later;
    const begun = performance.now();
    const text = await metrics.text();
    return { milliseconds: performance.now() - begun, text };
  };
  const first = await scrape(60_000);
  const cpu = process.cpuUsage();
  const anew = await Promise.all(await inTurn(() => scrape(60_000)));
  const { user, system } = process.cpuUsage(cpu);
  const kept = await inTurn(() => scrape(0));
  const series = first.text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  say(`${fleets} fleets of ${hosts} hosts, 3 anchors each, ${fleets * rotations} rotations that have ended`);
  say(`one scrape: ${series} series, ${(Buffer.byteLength(first.text) / 1024).toFixed(0)} KiB`);
  say(`the first, which parses every bundle: ${first.milliseconds.toFixed(0)} ms`);
  const ours = (user + system) / 1000 / SCRAPES;
  say(
    `read anew: ${medianOf(anew)} ms (median of ${SCRAPES}), of which ${ours.toFixed(0)} ms CPU of the API`,
  );
  say(`within five seconds of another: ${medianOf(kept)} ms`);
} finally {
  await stores.close();
}

async function inTurn<T>(work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let scrape = 0; scrape < SCRAPES; scrape += 1) results.push(await work());
  return results;
}

function medianOf(scrapes: readonly { readonly milliseconds: number }[]): string {
  return median(scrapes.map(({ milliseconds }) => milliseconds)).toFixed(1);
}

async function furnish({ fleetRecords, hostRecords, dataSource }: TestStores): Promise<void> {
  const cas = await Promise.all(['one', 'two', 'three'].map((commonName) => makeCa({ commonName })));
  const anchorsPem = cas.map(({ certificatePem }) => certificatePem);
  for (let fleet = 0; fleet < fleets; fleet += 1) {
    // Each fleet has a bundle of its own, as markers make it in life.
    const { content } = composeGeneration({ anchorsPem, markerPem: null });
    const generation = aBundle(`${content}\n# ${randomUUID()}\n`);
    const { id } = await fleetRecords.createFleet(aFleet({ generation }));
    await hostRecords.addHosts(
      id,
      Array.from({ length: hosts }, () => aHost()),
    );
    await dataSource.query(
      `INSERT INTO rotations (id, fleet_id, epoch, status, phase, version, ended_at)
       SELECT gen_random_uuid(), $1, $2::integer * $3::integer + n, 'succeeded', 'done', 1, now()
       FROM generate_series(1, $3::integer) AS n`,
      [id, fleet, rotations],
    );
  }
  await dataSource.query('ANALYZE');
}
