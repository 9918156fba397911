import { numberOf, say } from './figures.js';
import { BigFleet } from './reads/big-fleet.js';
import { Reader } from './reads/reader.js';

const hosts = numberOf('hosts', 10_000);
const times = numberOf('times', 50);
/** As many as a wave has hosts: what changes between two looks at a rotation that works. */
const CHANGES = 500;

const fleet = await BigFleet.open(hosts);
const reader = new Reader(fleet.api);
try {
  say(`${hosts} hosts are recorded, and a rotation of them with ${fleet.length} entries`);
  const rotation = `/v1/rotations/${fleet.rotationId}`;
  const paths = {
    rotation,
    'history page': `${rotation}/history?limit=100`,
    fleet: `/v1/fleets/${fleet.fleetId}`,
    'hosts page': `/v1/fleets/${fleet.fleetId}/hosts?limit=100`,
  };
  await fleet.write(Math.floor(fleet.length / 2));
  // What nobody measures: the first requests of a process.
  for (const path of [paths.fleet, paths['hosts page'], paths['history page']]) await fleet.api.read(path);
  await reader.measure('rotation, for the first time', 1, paths.rotation);
  for (const [name, path] of Object.entries(paths)) await reader.measure(name, times, path);
  await reader.measure(`rotation, ${CHANGES} entries later`, times, paths.rotation, () =>
    fleet.write(CHANGES),
  );
  const cpu = fleet.service.cpu();
  say(
    `CPU of the API: ${cpu.toFixed(1)} s; memory at most ${Math.round(fleet.service.memory().peak / 2 ** 20)} MB`,
  );
} finally {
  await fleet.stop();
}
process.exit(0);
