import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Secret } from '#engine';
import { bootFleet, makeCa, type TestFleet } from '#kit';
import { TlsProbe } from '#probe';
import { comparisonTable, type Figures, ratios } from './comparison.js';
import { Meter } from './cpu.js';
import { numberOf, say } from './figures.js';
import { HostsCpu } from './hosts-cpu.js';
import { childrenOf, PeakMemory } from './peak-memory.js';
import { Ansible } from './peers/ansible.js';
import { AsyncSsh } from './peers/asyncssh.js';
import { OpenSshLoop } from './peers/openssh.js';
import { type Peer, PeerFleet } from './peers/peer.js';
import { Pyinfra } from './peers/pyinfra.js';
import type { Run } from './runs.js';
import { WindlassFleet } from './windlass-fleet.js';
import { revertSeconds } from './windlass-revert.js';
import { windlassRound } from './windlass-round.js';

/** Above this many hosts Ansible takes minutes, and is asked once. */
const ANSIBLE_ONCE_ABOVE = 50;

const hosts = numberOf('hosts', 50);
const rounds = numberOf('rounds', 5);
const python = process.env.WINDLASS_BENCH_PYTHON ?? '';
if (python === '') throw new Error('start it with npm run bench, which installs the peers');

const pki = await WindlassFleet.startPki();
const fleet = await bootFleet({ hosts, bundlePem: pki.bundlePem });
const windlass = await WindlassFleet.open(fleet, pki);
const hostsCpu = new HostsCpu(fleet);
const begin = () => new Meter(hostsCpu, windlass.postgres.database);
const known = new PeerFleet(fleet.hosts, fleet.folder);
const loops = [10, 50].map((atOnce) => new OpenSshLoop(known, { atOnce }));
const ansible = new Ansible(known);
const peers: readonly Peer[] = [...loops, new AsyncSsh(known, python), new Pyinfra(known, python), ansible];
const runs: Run[] = [];
const commits: number[] = [];
const reverts: number[] = [];

say(
  `${hosts} hosts, ${rounds} rounds: the same job by each tool in turn, with the result checked on every host`,
);
for (let round = 1; round <= rounds; round += 1) {
  for (const peer of peers) {
    if (peer === ansible && round > 1 && hosts > ANSIBLE_ONCE_ABOVE) continue;
    tell(round, await peerRun(peer));
  }
  tell(round, await windlassRun());
  reverts.push(await revertSeconds(windlass, fleet));
}
await windlass.stop();
await fleet.stop();
hostsCpu.stop();

const figures: Figures = { hosts, rounds, runs, commits, reverts };
say(comparisonTable(figures));
const written = process.argv.indexOf('--json');
if (written > 0)
  writeFileSync(process.argv[written + 1] ?? 'bench.json', `${JSON.stringify(figures, null, 2)}\n`);
say(JSON.stringify(ratios(figures)));
process.exit(0);

function tell(round: number, run: Run): void {
  runs.push(run);
  const { wall, client, hosts: theirs } = run.cost;
  say(
    `round ${round}: ${run.tool}: ${wall.toFixed(2)} s, CPU ${client.toFixed(2)} s here, ${theirs?.toFixed(2) ?? '?'} s on the hosts`,
  );
}

/** With a CA of its own, and back again outside of what is measured: the next tool finds what this one found. */
async function peerRun(peer: Peer): Promise<Run> {
  const before = liveBundle(fleet, 0);
  const ca = await makeCa({ commonName: `bench of ${peer.name}` });
  const leaf = await ca.issueClient({ commonName: 'bench client' });
  const client = {
    certificateFile: known.file('client.pem', leaf.certificatePem),
    keyFile: known.file('client.key', leaf.privateKeyPem),
  };
  const bundle = before + ca.certificatePem;
  const memory = new PeakMemory('children', new Set(childrenOf(process.pid)));
  const meter = begin();
  await peer.bring(bundle, client);
  const run = { tool: peer.name, cost: meter.read(), memory: memory.stop(), skew: null };
  await checkEverywhere(bundle, leaf);
  await loops[0]?.bring(before, null);
  return run;
}

async function windlassRun(): Promise<Run> {
  const memory = new PeakMemory('own', new Set());
  const { cost, renamed, parts } = await windlassRound(windlass, fleet, begin);
  // Behind the votes and before the confirms.
  commits.push(parts.slice(1, 3).reduce((sum, part) => sum + part.cost.wall, 0));
  return { tool: 'Windlass', cost, memory: memory.stop(), skew: renamed };
}

/** Throws with the first host that has another bundle or refuses its client. */
async function checkEverywhere(bundle: string, leaf: { certificatePem: string; privateKeyPem: string }) {
  const probe = new TlsProbe();
  const identity = {
    certificatePem: leaf.certificatePem,
    chainPem: '',
    privateKey: new Secret(leaf.privateKeyPem),
  };
  for (const [index, { name, address, httpsPort: port }] of fleet.hosts.entries()) {
    if (liveBundle(fleet, index) !== bundle) throw new Error(`${name} has another bundle`);
    const answer = await probe.ask({ address, port, serverName: 'edge.test', path: '/' }, identity);
    if (answer.kind !== 'http' || answer.status !== 200)
      throw new Error(`${name} refuses the client of the new CA: ${JSON.stringify(answer)}`);
  }
}

function liveBundle({ hosts: all, folder }: TestFleet, index: number): string {
  return readFileSync(path.join(folder, all[index]?.name ?? '', 'etc/nginx/trust/client-ca.pem'), 'utf8');
}
