import { setTimeout as sleep } from 'node:timers/promises';
import { makeCa } from '#kit';
import { numberOf, say } from './figures.js';
import { Feed } from './scale/feed.js';
import { ScaleInstallation } from './scale/installation.js';
import { journalSize } from './scale/journal-size.js';
import { Reads } from './scale/reads.js';
import { report } from './scale/report.js';
import { type Sample, untilEnded } from './scale/watch.js';

const hosts = numberOf('hosts', 1_000);
const longest = numberOf('minutes', 15) * 60_000;
const perSecond = numberOf('reads', 10);

const windlass = await ScaleInstallation.open(hosts);
try {
  say(`${hosts} simulated hosts are recorded; one transition begins`);
  const other = (await makeCa({ commonName: 'Scale: one more CA' })).certificatePem;
  const empty = await journalSize(windlass.postgres.url);
  const begun = performance.now();
  const id = await windlass.start({ strategy: 'replace', bundlePem: windlass.bundlePem + other });
  const feed = new Feed(`${windlass.asked.url}/v1/rotations/${id}/events`, windlass.key);
  const reads = new Reads(
    windlass.asked,
    [
      { name: 'rotation', path: `/v1/rotations/${id}?hosts=failing` },
      { name: 'all hosts', path: `/v1/rotations/${id}` },
      { name: 'history page', path: `/v1/rotations/${id}/history?limit=100` },
      { name: 'fleet', path: `/v1/fleets/${windlass.fleetId}` },
      { name: 'hosts page', path: `/v1/fleets/${windlass.fleetId}/hosts?limit=100` },
    ],
    perSecond,
  );
  const samples: Sample[] = [];
  const ended = await untilEnded(windlass, id, longest, samples);
  const wall = (performance.now() - begun) / 1_000;
  // What the last entries brought is still on its way.
  await sleep(1_000);
  const figures = { reads: await reads.stop(), feed: await feed.stop() };
  const journal = await journalSize(windlass.postgres.url);
  report({ hosts, ended, wall, samples, ...figures, journal, empty, windlass });
} finally {
  await windlass.stop();
}
process.exit(0);
