import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Secret } from '#engine';
import { bootFleet, makeCa, type TestFleet } from '#kit';
import { TlsProbe } from '#probe';
import { type Cost, Meter } from './cpu.js';
import { median, numberOf, say } from './figures.js';
import { HostsCpu } from './hosts-cpu.js';
import { OpenSshLoop } from './peers/openssh.js';
import { type Peer, PeerFleet, type ProbeFiles } from './peers/peer.js';
import { WindlassFleet } from './windlass-fleet.js';
import { type Round, windlassRound } from './windlass-round.js';

async function opensshRound(loop: Peer, bundle: string, client: ProbeFiles, meter: Meter): Promise<Cost> {
  await loop.bring(bundle, client);
  return meter.read();
}

/** The loop leaves behind what the next rotation has to find. */
async function rounds(fleet: TestFleet, windlass: WindlassFleet, begin: () => Meter, count: number) {
  const other = await makeCa({ commonName: 'OpenSSH loop' });
  const leaf = await other.issueClient({ commonName: 'bench client' });
  const peers = new PeerFleet(fleet.hosts, fleet.folder);
  const client = {
    certificateFile: peers.file('client.pem', leaf.certificatePem),
    keyFile: peers.file('client.key', leaf.privateKeyPem),
  };
  const sameAlgorithms = process.argv.includes('--same-algorithms');
  const loop = new OpenSshLoop(peers, { atOnce: 10, sameAlgorithms });
  const live = () => readFileSync(path.join(fleet.folder, 'host-1', 'etc/nginx/trust/client-ca.pem'), 'utf8');
  const openssh: Cost[] = [];
  const ours: Round[] = [];
  for (let round = 1; round <= count; round += 1) {
    const before = live();
    openssh.push(await opensshRound(loop, before + other.certificatePem, client, begin()));
    await loop.bring(before, null);
    ours.push(await windlassRound(windlass, fleet, begin));
    say(`round ${round}: OpenSSH ${describe(openssh.at(-1))}; Windlass ${describe(ours.at(-1)?.cost)}`);
  }
  const probes = await askEverybody(fleet, leaf.certificatePem, leaf.privateKeyPem, begin);
  return { openssh, ours, probes };
}

/** What each host is asked in one transition, without anything else: its marker twice, nobody, a stranger, a client. */
async function askEverybody(
  fleet: TestFleet,
  certificatePem: string,
  key: string,
  begin: () => Meter,
): Promise<Cost> {
  const probe = new TlsProbe();
  const identity = { certificatePem, chainPem: '', privateKey: new Secret(key) };
  const meter = begin();
  await Promise.all(
    fleet.hosts.map(async ({ address, httpsPort: port }) => {
      const target = { address, port, serverName: 'edge.test', path: '/' };
      for (const _ of [1, 2]) await probe.servedCaNames(target);
      for (const who of [null, identity, identity]) await probe.ask(target, who);
    }),
  );
  return meter.read();
}

const medianOf = (costs: readonly Cost[]): Cost => ({
  wall: median(costs.map(({ wall }) => wall)),
  client: median(costs.map(({ client }) => client)),
  database: median(costs.map(({ database }) => database)),
  hosts: costs.some(({ hosts }) => hosts === null) ? null : median(costs.map(({ hosts }) => hosts ?? 0)),
});

/** In words: what the loop does not do, and what it costs. */
function price(ours: readonly Round[], probes: Cost): void {
  say('What the time of Windlass goes to (medians), and what none of it is skipped for:');
  const [{ parts = [] } = {}] = ours;
  for (const [index, { what }] of parts.entries()) {
    const cost = medianOf(ours.flatMap((round) => round.parts[index]?.cost ?? []));
    say(`  ${describe(cost)}: ${what}`);
  }
  say(`  of these, what each host is asked from outside, alone and at once: ${describe(probes)}`);
  const wall = median(ours.map(({ cost }) => cost.wall));
  const renamed = median(ours.map((round) => round.renamed));
  const share = ((100 * renamed) / wall).toFixed(0);
  const live = median(ours.map((round) => round.live)).toFixed(2);
  say(
    `skew: the last host was switched ${renamed.toFixed(2)} s after the first (${share} % of the transition), and proven live ${live} s after it`,
  );
}

/** CPU is what two cores are short of, and it does not depend on what else they do. */
function tellCpu(openssh: readonly Cost[], ours: readonly Round[], hosts: number): void {
  const [loop, windlass] = [medianOf(openssh), medianOf(ours.map(({ cost }) => cost))];
  for (const [who, cost] of [
    ['OpenSSH', loop],
    ['Windlass', windlass],
  ] as const) {
    const each = (seconds: number) => `${((1000 * seconds) / hosts).toFixed(1)} ms`;
    say(
      `CPU a host, ${who}: ${each(cost.client)} of the client, ${each(cost.database)} of the database, ${cost.hosts === null ? 'not counted' : each(cost.hosts)} of the host`,
    );
  }
  say(`CPU in all: ${(cpuOf(windlass) / cpuOf(loop)).toFixed(3)} of the loop's`);
}

const cpuOf = ({ client, database, hosts }: Cost): number => client + database + (hosts ?? 0);

function describe(cost: Cost | undefined): string {
  if (!cost) return '';
  const { wall, client, database, hosts } = cost;
  const counted = hosts === null ? 'not counted: no cgroup' : `${hosts.toFixed(2)} s`;
  return `${wall.toFixed(2)} s (CPU: client ${client.toFixed(2)} s, database ${database.toFixed(2)} s, hosts ${counted})`;
}

const count = numberOf('hosts', 50);
const pki = await WindlassFleet.startPki();
const fleet = await bootFleet({ hosts: count, bundlePem: pki.bundlePem });
const windlass = await WindlassFleet.open(fleet, pki);
say(
  `${count} hosts: one transition by Windlass, and the same job by an OpenSSH loop, 10 at once, one exec a host`,
);
const hostsCpu = new HostsCpu(fleet);
const begin = () => new Meter(hostsCpu, windlass.postgres.database);
const { openssh, ours, probes } = await rounds(fleet, windlass, begin, numberOf('rounds', 3));
await windlass.stop();
await fleet.stop();
hostsCpu.stop();
price(ours, probes);
tellCpu(openssh, ours, count);
say((median(ours.map(({ cost }) => cost.wall)) / median(openssh.map(({ wall }) => wall))).toFixed(3));
process.exit(0);
